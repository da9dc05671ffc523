package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.util.unit.DataSize;

/** One run that has lived in every way a run can live; always the same ids and times. */
final class Sample {
    static final Duration EXPIRY = Duration.ofMinutes(10);
    static final int MAX_RUNNING = 16;
    static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    static final ThreadKey THREAD =
            new ThreadKey(TenantId.DEFAULT, new ThreadId(UUID.fromString("019b7c5a-0000-7000-8000-000000000001")));
    static final RunKey RUN = new RunKey(THREAD, 2, new RunId(UUID.fromString("019b7c5a-0000-7000-8000-000000000002")));
    static final ItemId MESSAGE = new ItemId(UUID.fromString("019b7c5a-0000-7000-8000-000000000003"));
    static final ItemId SECOND_MESSAGE = new ItemId(UUID.fromString("019b7c5a-0000-7000-8000-000000000004"));
    static final AssistantId ASSISTANT = new AssistantId(UUID.fromString("019b7c5a-0000-7000-8000-000000000005"));

    private static final Usage USAGE = new Usage(7, 5);

    private Sample() {}

    /** An empty one. */
    static FrameCache cache() {
        return new FrameCache(DataSize.ofMegabytes(1));
    }

    /** The run as it is stored after its end, whatever the end was. */
    static StoredRun run() {
        return run(Map.of("b", "2", "a", "1"));
    }

    static StoredRun run(Map<String, Object> metadata) {
        var options = new ModelOptions(0.5, null, 300, "low", "{\"type\":\"json_object\"}");
        return new StoredRun(
                RUN,
                RunStatus.COMPLETED,
                Strategy.CONCURRENT,
                RunSpec.of(ASSISTANT, "demo", "Be brief.", options),
                metadata,
                CREATED,
                CREATED.plusSeconds(999),
                Optional.of(CREATED.plusSeconds(2)),
                Optional.of(CREATED.plusSeconds(9)),
                new Usage(99, 99),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Lives by name. */
    static Map<String, List<LoggedEvent>> lives() {
        var lives = new LinkedHashMap<String, List<LoggedEvent>>();
        lives.put(
                "plain",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        text("lo \"you\"\n\u2713"),
                        closed(ItemStatus.COMPLETED, "Hello \"you\"\n\u2713"),
                        called(),
                        completed()));
        lives.put(
                "two_messages",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("One"),
                        closed(ItemStatus.COMPLETED, "One"),
                        opened(1, SECOND_MESSAGE),
                        text(1, SECOND_MESSAGE, "Two"),
                        closed(1, SECOND_MESSAGE, ItemStatus.COMPLETED, "Two"),
                        called(),
                        completed()));
        lives.put(
                "cancelled",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        stop(StopCause.CLIENT),
                        closed(ItemStatus.RUN_CANCELLED, "Hel"),
                        cancelled(StopCause.CLIENT)));
        lives.put("cancelled_while_queued", logged(admitted(), stop(StopCause.CLIENT), cancelled(StopCause.CLIENT)));
        lives.put(
                "failed",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        closed(ItemStatus.RUN_FAILED, "Hel"),
                        failed(RunFailure.Code.RATE_LIMIT_EXCEEDED)));
        lives.put(
                "failed_without_output", logged(admitted(), started(), call(), failed(RunFailure.Code.INVALID_PROMPT)));
        lives.put(
                "failed_with_open_message",
                logged(admitted(), started(), call(), opened(), text("Hel"), failed(RunFailure.Code.SERVER_ERROR)));
        lives.put(
                "incomplete",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        closed(ItemStatus.MAX_TOKENS, "Hel"),
                        called(),
                        incomplete(IncompleteReason.MAX_COMPLETION_TOKENS)));
        lives.put(
                "filtered",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        closed(ItemStatus.CONTENT_FILTER, "Hel"),
                        called(),
                        incomplete(IncompleteReason.CONTENT_FILTER)));
        lives.put(
                "expired",
                logged(
                        admitted(),
                        started(),
                        call(),
                        opened(),
                        text("Hel"),
                        stop(StopCause.EXPIRY),
                        closed(ItemStatus.RUN_EXPIRED, "Hel"),
                        new RunEvent.Expired(Usage.NONE)));
        lives.putAll(ToolLives.all());
        return lives;
    }

    static List<LoggedEvent> logged(RunEvent... events) {
        var logged = new ArrayList<LoggedEvent>();
        for (RunEvent event : events) {
            int at = logged.size();
            logged.add(new LoggedEvent(
                    10 + at, RUN.turn(), CREATED.plusSeconds(at), new ThreadEvent.OfRun(RUN.id(), at, event)));
        }
        return logged;
    }

    private static RunEvent admitted() {
        return new RunEvent.Admitted();
    }

    private static RunEvent started() {
        return new RunEvent.Started(CREATED.plusSeconds(601));
    }

    private static RunEvent call() {
        return new RunEvent.ModelCallStarted(0);
    }

    private static RunEvent called() {
        return new RunEvent.ModelCallEnded(0, USAGE);
    }

    private static RunEvent opened() {
        return opened(0, MESSAGE);
    }

    private static RunEvent opened(int outputIndex, ItemId item) {
        return new RunEvent.ItemOpened(outputIndex, item, 0, new Item.Message(Role.ASSISTANT, List.of()));
    }

    private static RunEvent text(String text) {
        return text(0, MESSAGE, text);
    }

    private static RunEvent text(int outputIndex, ItemId item, String text) {
        return new RunEvent.TextAppended(outputIndex, item, text);
    }

    private static RunEvent closed(ItemStatus status, String text) {
        return closed(0, MESSAGE, status, text);
    }

    private static RunEvent closed(int outputIndex, ItemId item, ItemStatus status, String text) {
        return new RunEvent.ItemClosed(outputIndex, item, status, Item.Message.of(Role.ASSISTANT, text), USAGE);
    }

    private static RunEvent stop(StopCause cause) {
        return new RunEvent.StopRequested(cause);
    }

    private static RunEvent completed() {
        return new RunEvent.Completed(USAGE);
    }

    private static RunEvent cancelled(StopCause cause) {
        return new RunEvent.Cancelled(cause, Usage.NONE);
    }

    private static RunEvent failed(RunFailure.Code code) {
        return new RunEvent.Failed(new RunFailure(code, "The model's server is busy."), Usage.NONE);
    }

    private static RunEvent incomplete(IncompleteReason reason) {
        return new RunEvent.Incomplete(reason, USAGE);
    }
}
