package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.persistence.NewThread;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A thread and a run, to be created together. */
record ThreadRunRequest(NewThread thread, RunRequest run) {
    static ThreadRunRequest read(JsonFields fields) {
        var run = RunRequest.withThread(fields);
        var thread = fields.object("thread")
                .map(ThreadRequest::read)
                .orElseGet(() -> new NewThread(ThreadId.fresh(), List.of(), Optional.empty(), Map.of()));
        return new ThreadRunRequest(thread, run);
    }
}
