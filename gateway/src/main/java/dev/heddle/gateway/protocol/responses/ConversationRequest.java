package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewThread;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request to create a conversation. */
record ConversationRequest(List<InputItem> items, Map<String, Object> metadata) {
    private static final String CONVERSATION = "conversation";
    private static final int MAX_ITEMS = 20;

    static ConversationRequest read(JsonFields fields) {
        fields.only(Set.of("metadata", "items"));
        return new ConversationRequest(
                InputRequest.items(fields.objects("items", MAX_ITEMS)),
                fields.metadata().orElse(Map.of()));
    }

    /** The items of a request that adds some, one to twenty. */
    static List<InputItem> readItems(JsonFields fields) {
        fields.only(Set.of("items")).objects("items", MAX_ITEMS);
        return InputRequest.items(fields.requiredObjects("items"));
    }

    /** The conversation that a response is to be in: its id, or an object with its id. */
    static Optional<ThreadId> named(JsonFields fields) {
        return fields.value(CONVERSATION)
                .map(node -> node.isObject()
                        ? id(fields.requiredObject(CONVERSATION).only(Set.of("id")), "id")
                        : id(fields, CONVERSATION));
    }

    private static ThreadId id(JsonFields fields, String name) {
        String text = fields.requiredText(name);
        if (text.isEmpty()) {
            throw Invalid.id(fields.path(name), text, "conv");
        }
        return OpenAiIds.conversationOrThread(fields.path(name), text);
    }

    NewThread thread(ThreadId id, List<NewItem> resolved) {
        return new NewThread(id, resolved, Optional.empty(), metadata);
    }
}
