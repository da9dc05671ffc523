package dev.heddle.gateway.testing;

import java.util.Map;

/** A call that came to a {@link ScriptedToolServer}; the names of headers are in small letters. */
public record ToolRequest(String tool, Map<String, String> headers, String body) {
    public ToolRequest {
        headers = Map.copyOf(headers);
    }

    /** Empty when it was not sent. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    public String idempotencyKey() {
        return header("idempotency-key");
    }
}
