package dev.heddle.gateway.protocol.streams;

import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import java.util.List;
import java.util.Locale;

/** What an item is, member by member. */
sealed interface ItemJson {
    static ItemJson of(Item item) {
        return switch (item) {
            case Item.Message message ->
                new Message(
                        "message",
                        message.role().name().toLowerCase(Locale.ROOT),
                        message.content().stream().map(ItemJson::part).toList());
            case Item.FunctionCall call ->
                new Call("function_call", call.call().value(), call.name(), call.arguments());
            case Item.FunctionCallOutput output ->
                new Output("function_call_output", output.call().value(), output.output());
            case Item.Reasoning reasoning -> new Summary("reasoning", reasoning.summary());
            case Item.Compaction compaction -> new Summary("compaction", compaction.summary());
        };
    }

    private static Part part(Content content) {
        return switch (content) {
            case Content.Text text -> new Text("text", new Value(text.text(), List.of()));
            case Content.ImageUrl image ->
                new ImageUrl(
                        "image_url",
                        new Image(image.url(), image.detail().name().toLowerCase(Locale.ROOT)));
        };
    }

    record Message(String type, String role, List<Part> content) implements ItemJson {}

    record Call(String type, String call_id, String name, String arguments) implements ItemJson {}

    record Output(String type, String call_id, String output) implements ItemJson {}

    record Summary(String type, String summary) implements ItemJson {}

    /** One part of a message, in the form the Assistants API gave it. */
    sealed interface Part {}

    record Text(String type, Value text) implements Part {}

    record ImageUrl(String type, Image image_url) implements Part {}

    record Value(String value, List<Object> annotations) {}

    record Image(String url, String detail) {}
}
