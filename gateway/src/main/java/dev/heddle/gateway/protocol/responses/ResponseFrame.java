package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.SseFrame;

/** One event of a response; {@code json} says its type too. */
record ResponseFrame(String type, byte[] json) {
    SseFrame sse() {
        return SseFrame.of(type, json);
    }
}
