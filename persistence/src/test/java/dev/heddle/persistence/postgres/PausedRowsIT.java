package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.USAGE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.paused;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.sql.Timestamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The rows of runs that pause and go on, append by append; and of items of which several are open at once. */
class PausedRowsIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter writer = new TestWriter(POSTGRES.log(), thread, 0);
    private final RunKey run = REQUESTS.newRun(thread, 1);
    private final Item.FunctionCall call = call("{\"a\": 1}");
    private final Map<Integer, ItemId> opened = new HashMap<>();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aPausedRunSaysWhatItWaitsForAndSince() {
        writer.store(run, paused(EXPIRES_AT, call));

        assertThat(row())
                .contains(
                        entry("status", "requires_action"),
                        entry("paused_run_seq", 7L),
                        entry("started_seq", 2L),
                        entry("ended_seq", null));
        assertThat(JsonText.calls(row().get("required_action").toString())).containsExactly(call);
    }

    @Test
    void aRunWithItsOutputsIsQueuedAndGoesOnAsItStarted() {
        writer.store(run, paused(EXPIRES_AT, call));
        POSTGRES.rows(
                "update runs set started_at = started_at - interval '1 minute' where id = ?",
                run.id().value());
        Map<String, Object> before = row();

        writer.store(run, new RunEvent.OutputsSubmitted());
        assertThat(row()).contains(entry("status", "queued"), entry("required_action", null));

        writer.store(run, new RunEvent.Resumed());
        assertThat(row())
                .contains(
                        entry("status", "in_progress"),
                        entry("required_action", null),
                        entry("started_at", before.get("started_at")),
                        entry("started_seq", 2L),
                        entry("expires_at", Timestamp.from(EXPIRES_AT)),
                        entry("ended_at", null),
                        entry("ended_seq", null));
    }

    @Test
    void aRunMayPauseAgain() {
        Item.FunctionCall next = call("{}");
        writer.store(run, paused(EXPIRES_AT, call));
        writer.store(run, new RunEvent.OutputsSubmitted(), new RunEvent.Resumed());

        writer.store(run, new RunEvent.ActionRequired(List.of(next)));

        assertThat(row()).contains(entry("status", "requires_action"), entry("paused_run_seq", 10L));
        assertThat(JsonText.calls(row().get("required_action").toString())).containsExactly(next);
    }

    @Test
    void aPauseThatIsOverInTheSameAppendLeavesNothing() {
        writer.store(run, admitted(), started());

        writer.store(
                run,
                new RunEvent.ActionRequired(List.of(call)),
                new RunEvent.OutputsSubmitted(),
                new RunEvent.Resumed(),
                completed());

        assertThat(row())
                .contains(
                        entry("status", "completed"),
                        entry("required_action", null),
                        entry("started_seq", 2L),
                        entry("prompt_tokens", USAGE.promptTokens()));
    }

    @Test
    void aPausedRunThatEndsWaitsForNothing() {
        writer.store(run, paused(EXPIRES_AT, call));
        writer.store(run, new RunEvent.StopRequested(StopCause.EXPIRY));
        assertThat(row()).contains(entry("status", "cancelling"), entry("required_action", null));

        writer.store(run, new RunEvent.Expired(USAGE));
        assertThat(row()).contains(entry("status", "expired"), entry("required_action", null));
    }

    @Test
    void callsAndOutputsAreItemsOfTheirKinds() {
        var item = ItemId.fresh();
        var output = new Item.FunctionCallOutput(call.call(), "42");
        writer.store(run, paused(EXPIRES_AT, call));

        writer.store(
                run,
                new RunEvent.ItemOpened(1, item, 0, new Item.FunctionCallOutput(call.call(), "")),
                new RunEvent.ItemClosed(1, item, ItemStatus.COMPLETED, output, Usage.NONE),
                new RunEvent.OutputsSubmitted());

        assertThat(items())
                .containsExactly(
                        Map.of("item_index", 0, "kind", "function_call", "status", "completed", "model_call", 0),
                        Map.of(
                                "item_index",
                                1,
                                "kind",
                                "function_call_output",
                                "status",
                                "completed",
                                "model_call",
                                0));
        assertThat(POSTGRES.items().outputs(run).block(TestPostgres.PATIENCE))
                .extracting(StoredItem::item)
                .containsExactly(call, output);
    }

    @Test
    void allItemsThatAreOpenAreCutByTheEndWhereverTheyWereOpened() {
        writer.store(run, admitted(), started(), open(0), open(1), open(2));
        writer.store(
                run,
                new RunEvent.ItemClosed(1, opened.get(1), ItemStatus.COMPLETED, call, Usage.NONE),
                open(3),
                new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));

        assertThat(items())
                .extracting(item -> item.get("status"))
                .containsExactly("run_cancelled", "completed", "run_cancelled", "run_cancelled");
    }

    @Test
    void aRowHoldsNoMoreArgumentsThanText() {
        var item = ItemId.fresh();
        var piece = new RunEvent.ArgumentsAppended(0, item, "x".repeat(20_000));
        writer.store(run, admitted(), started(), piece, piece, piece, piece);

        assertThat(POSTGRES.rows(
                        "select last_seq - first_seq + 1 as events from event_log where thread_id = ? order by first_seq",
                        thread.id().value()))
                .extracting(row -> row.get("events"))
                .containsExactly(4L, 2L);
        assertThat(POSTGRES.log().readTurn(thread, 1, -1, 10).block(TestPostgres.PATIENCE))
                .isEqualTo(writer.stored());
    }

    private RunEvent open(int index) {
        opened.put(index, ItemId.fresh());
        return new RunEvent.ItemOpened(index, opened.get(index), 0, new Item.FunctionCall(call.call(), "lookup", ""));
    }

    private Map<String, Object> row() {
        return POSTGRES.rows("select * from runs where id = ?", run.id().value())
                .getFirst();
    }

    private List<Map<String, Object>> items() {
        return POSTGRES.rows(
                "select item_index, kind, status, model_call from items where output_of = ? order by item_index",
                run.id().value());
    }
}
