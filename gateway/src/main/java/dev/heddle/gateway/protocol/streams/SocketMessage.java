package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Set;

/** What a client says on a thread socket. Threads keep the spelling by which they were asked for. */
sealed interface SocketMessage {
    /** The most events that may be granted and not sent yet, on one subscription. */
    int MAX_CREDIT = 10_000;

    String threadId();

    /** Where a message tells of what thread, also when something else in it is wrong; else empty. */
    static SocketMessage read(JsonFields message) {
        var types = List.of("subscribe", "credit", "unsubscribe");
        String type = message.requiredOneOf("type", types);
        return switch (type) {
            case "subscribe" -> subscribe(message.only(Set.of("type", "thread_id", "after", "credit")));
            case "credit" -> credit(message.only(Set.of("type", "thread_id", "credit")));
            case "unsubscribe" ->
                new Unsubscribe(message.only(Set.of("type", "thread_id")).requiredText("thread_id"));
            default -> throw Invalid.value("type", type, types);
        };
    }

    private static SocketMessage subscribe(JsonFields message) {
        return new Subscribe(
                message.requiredText("thread_id"),
                message.count("after").orElse(0L),
                message.integer("credit", 0, MAX_CREDIT).orElse(0));
    }

    private static SocketMessage credit(JsonFields message) {
        String thread = message.requiredText("thread_id");
        message.required("credit");
        return new Credit(
                thread, message.integer("credit", 1, MAX_CREDIT).orElseThrow(() -> Invalid.missing("credit")));
    }

    /** From behind the event {@code after}, {@code credit} events for the start. */
    record Subscribe(String threadId, long after, int credit) implements SocketMessage {
        ThreadId thread() {
            return OpenAiIds.threadOrConversation("thread_id", threadId);
        }
    }

    /** So many events more. */
    record Credit(String threadId, int credit) implements SocketMessage {}

    record Unsubscribe(String threadId) implements SocketMessage {}
}
