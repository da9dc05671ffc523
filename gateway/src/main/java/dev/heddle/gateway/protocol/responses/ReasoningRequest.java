package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.JsonFields;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a request says about the model's reasoning. Summaries come as the model's server sends them, however named. */
record ReasoningRequest(Optional<String> effort, Optional<String> summary) {
    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    private static final List<String> SUMMARIES = List.of("auto", "concise", "detailed");

    static ReasoningRequest read(JsonFields fields) {
        var reasoning = fields.object("reasoning").map(given -> given.only(Set.of("effort", "summary")));
        return new ReasoningRequest(
                reasoning.flatMap(given -> given.oneOf("effort", EFFORTS)),
                reasoning.flatMap(given -> given.oneOf("summary", SUMMARIES)));
    }
}
