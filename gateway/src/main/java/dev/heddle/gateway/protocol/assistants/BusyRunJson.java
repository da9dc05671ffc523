package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run that keeps a thread busy, an object of ours; {@code age} is in seconds. */
record BusyRunJson(
        String id, String status, long created_at, @Nullable String assistant_id, long age) {
    static List<BusyRunJson> of(List<Problem.StillBusy.ActiveRun> runs) {
        return runs.stream().map(BusyRunJson::of).toList();
    }

    private static BusyRunJson of(Problem.StillBusy.ActiveRun run) {
        return new BusyRunJson(
                OpenAiIds.run(run.run()),
                RunJson.status(run.status()),
                run.createdAt().getEpochSecond(),
                assistant(run.assistant()),
                run.age().toSeconds());
    }

    private static @Nullable String assistant(@Nullable AssistantId id) {
        return Optional.ofNullable(id).map(OpenAiIds::assistant).orElse(null);
    }
}
