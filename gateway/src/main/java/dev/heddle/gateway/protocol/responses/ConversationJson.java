package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Metadata;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredThread;
import java.util.SortedMap;

record ConversationJson(String id, String object, long created_at, SortedMap<String, Object> metadata) {
    static ConversationJson of(StoredThread thread) {
        return new ConversationJson(
                OpenAiIds.conversation(thread.key().id()),
                "conversation",
                thread.createdAt().getEpochSecond(),
                Metadata.json(thread.metadata()));
    }
}
