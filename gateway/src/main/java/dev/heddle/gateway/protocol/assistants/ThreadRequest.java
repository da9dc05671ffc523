package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.NewThread;
import dev.heddle.streaming.run.ThreadId;
import java.util.Map;
import java.util.Set;

/** Reads the threads that clients make. */
final class ThreadRequest {
    private static final Set<String> NAMES = Set.of("messages", "tool_resources", "metadata", StrategyRequest.FIELD);

    private ThreadRequest() {}

    static NewThread read(JsonFields fields) {
        fields.only(NAMES);
        var messages = MessageRequest.readAll(fields, "messages");
        Unsupported.checkToolResources(fields);
        return new NewThread(
                ThreadId.fresh(),
                messages,
                StrategyRequest.read(fields),
                fields.metadata().orElse(Map.of()));
    }
}
