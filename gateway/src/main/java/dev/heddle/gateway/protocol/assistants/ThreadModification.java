package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.MetadataRequest;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.ThreadChange;
import java.util.Optional;
import java.util.Set;

/** Reads changes of threads: what is absent stays as it is, null clears. */
final class ThreadModification {
    private ThreadModification() {}

    static ThreadChange read(JsonFields fields) {
        fields.only(Set.of("metadata", "tool_resources", StrategyRequest.FIELD));
        Unsupported.checkToolResources(fields);
        return new ThreadChange(MetadataRequest.given(fields), strategy(fields));
    }

    private static Optional<ThreadChange.Default> strategy(JsonFields fields) {
        var given = new ThreadChange.Default(StrategyRequest.read(fields));
        return fields.has(StrategyRequest.FIELD) ? Optional.of(given) : Optional.empty();
    }
}
