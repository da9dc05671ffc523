package dev.heddle.gateway.demo;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** A stored message; {@code run} is the id of the run that wrote it, empty for a user's. */
record Message(String role, String run, String text) {
    static Message of(JsonNode json) {
        var text = StreamSupport.stream(json.path("content").spliterator(), false)
                .map(part -> part.path("text").path("value").stringValue(""))
                .collect(Collectors.joining());
        return new Message(
                json.path("role").stringValue(""), json.path("run_id").stringValue(""), text);
    }
}
