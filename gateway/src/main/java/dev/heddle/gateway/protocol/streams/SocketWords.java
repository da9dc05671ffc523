package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiError;
import org.jspecify.annotations.Nullable;

/** What a thread socket says. */
final class SocketWords {
    /** The client said something that is no message: neither side would know what the other one means. */
    static final SocketFrame NOT_UNDERSTOOD = SocketFrame.close(4000, "A message was no JSON object.");

    static final SocketFrame TOO_OLD = SocketFrame.close(4002, "The socket is an hour old. Connect again.");
    static final SocketFrame TOO_MANY_ERRORS = SocketFrame.close(4009, "Too many messages were refused.");

    private SocketWords() {}

    static SocketFrame subscribed(String thread, long after, long head) {
        return SocketFrame.text(Json.bytes(new Subscribed("subscribed", thread, after, head)));
    }

    static SocketFrame unsubscribed(String thread) {
        return SocketFrame.text(Json.bytes(new Unsubscribed("unsubscribed", thread)));
    }

    /** An event in the bytes of its frame; only what stands in front of them is of this socket. */
    static SocketFrame event(String thread, SseFrame event) {
        String members = event.event().equals("gap")
                ? "{\"type\":\"gap\",\"thread_id\":\"" + thread + "\","
                : "{\"type\":\"event\",\"thread_id\":\"" + thread + "\",\"event\":\"" + event.event() + "\",";
        return SocketFrame.data(Json.utf8(members), event);
    }

    static SocketFrame error(OpenAiError error, @Nullable String thread) {
        var told = new ErrorJson(error.type(), error.code(), error.message(), error.param());
        return SocketFrame.text(
                Json.bytes(thread == null ? new Failed("error", told) : new ThreadFailed("error", thread, told)));
    }

    private record Subscribed(String type, String thread_id, long after, long head) {}

    private record Unsubscribed(String type, String thread_id) {}

    private record Failed(String type, ErrorJson error) {}

    private record ThreadFailed(String type, String thread_id, ErrorJson error) {}

    private record ErrorJson(
            String type,
            @Nullable String code,
            String message,
            @Nullable String param) {}
}
