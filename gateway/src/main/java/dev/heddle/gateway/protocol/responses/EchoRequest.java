package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/** Reads what a response shows again of its request. */
record EchoRequest(boolean stream, boolean background) {
    private static final int MAX_IDENTIFIER = 64;

    Echo read(JsonFields fields, TextRequest text, ReasoningRequest reasoning) {
        return new Echo(
                background,
                stream,
                fields.bool("store").orElse(true),
                fields.text(Parents.FIELD).orElse(null),
                fields.value("conversation").isPresent(),
                reasoning.effort().orElse(null),
                reasoning.summary().orElse(null),
                text.shown(),
                fields.value("tool_choice").orElse(StringNode.valueOf("auto")),
                fields.oneOf("truncation", List.of("auto", "disabled")).orElse("disabled"),
                fields.text("safety_identifier", MAX_IDENTIFIER).orElse(null),
                fields.text("prompt_cache_key").orElse(null),
                fields.text("user").orElse(null));
    }
}
