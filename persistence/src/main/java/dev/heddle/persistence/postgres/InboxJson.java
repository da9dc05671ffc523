package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How outputs are spelt while they wait in the inbox. */
final class InboxJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private InboxJson() {}

    static String of(List<InboxEntry.Output> outputs) {
        var json = JSON.arrayNode();
        outputs.forEach(output -> json.add(of(output)));
        return JsonText.write(json);
    }

    static List<InboxEntry.Output> outputs(String json) {
        return JsonText.read(json)
                .asArray()
                .valueStream()
                .map(InboxJson::output)
                .toList();
    }

    private static ObjectNode of(InboxEntry.Output output) {
        return JSON.objectNode()
                .put("i", output.outputIndex())
                .put("id", output.item().toString())
                .put("call", output.modelCall())
                .set("item", ItemJson.of(output.output()));
    }

    private static InboxEntry.Output output(JsonNode json) {
        return new InboxEntry.Output(
                json.required("i").intValue(),
                new ItemId(UUID.fromString(json.required("id").stringValue())),
                json.required("call").intValue(),
                (Item.FunctionCallOutput) ItemJson.item(json.required("item")));
    }
}
