package dev.heddle.bench.micro;

import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A run at work that has said so many pieces of text, and its events up to there. */
public record TextRun(StoredRun run, List<LoggedEvent> events) {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    public TextRun {
        events = List.copyOf(events);
    }

    public static TextRun of(RunSpec spec, int pieces) {
        var thread = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        var key = new RunKey(thread, 1, RunId.fresh());
        return new TextRun(stored(key, spec), logged(key, pieces));
    }

    /** A small one. */
    public static RunSpec spec(AssistantId assistant) {
        return RunSpec.of(assistant, "demo", "Be brief.", ModelOptions.DEFAULTS);
    }

    private static StoredRun stored(RunKey key, RunSpec spec) {
        return new StoredRun(
                key,
                RunStatus.IN_PROGRESS,
                Strategy.CONCURRENT,
                spec,
                Map.of(),
                NOW,
                NOW.plusSeconds(600),
                Optional.of(NOW),
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<LoggedEvent> logged(RunKey key, int pieces) {
        var item = ItemId.fresh();
        var start = new Item.Message(Role.ASSISTANT, List.of());
        var events = new ArrayList<RunEvent>(List.of(
                new RunEvent.Admitted(),
                new RunEvent.Started(NOW),
                new RunEvent.ModelCallStarted(0),
                new RunEvent.ItemOpened(0, item, 0, start)));
        Stream.generate(() -> new RunEvent.TextAppended(0, item, " token"))
                .limit(pieces)
                .forEach(events::add);
        var logged = new ArrayList<LoggedEvent>();
        for (RunEvent event : events) {
            var ofRun = new ThreadEvent.OfRun(key.id(), logged.size(), event);
            logged.add(new LoggedEvent(logged.size() + 1L, key.turn(), NOW, ofRun));
        }
        return logged;
    }
}
