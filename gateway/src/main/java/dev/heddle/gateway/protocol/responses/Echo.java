package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.Json;
import dev.heddle.persistence.RunSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a response shows again of its request, and only this protocol needs; kept with its run as JSON. What was written
 * once must be readable for ever.
 *
 * @param conversation whether it was asked for in a conversation
 */
record Echo(
        boolean background,
        boolean stream,
        boolean store,
        @Nullable String previous_response_id,
        boolean conversation,
        @Nullable String effort,
        @Nullable String summary,
        JsonNode text,
        JsonNode tool_choice,
        String truncation,
        @Nullable String safety_identifier,
        @Nullable String prompt_cache_key,
        @Nullable String user) {

    /** Whether a run was made by this protocol. */
    static boolean isOf(RunSpec spec) {
        return spec.echo() != null;
    }

    static Echo of(RunSpec spec) {
        return Json.read(Objects.requireNonNull(spec.echo()), Echo.class);
    }

    String json() {
        return Json.text(this);
    }
}
