package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.USAGE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** After an append, the rows of runs, items and inboxes say what its events say. */
class AppendedRowsIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final String UNTOLD = "untold";
    private static final String ITEM = """
            thread_id, turn, item_index, id, tenant_id, output_of, model_call, kind, status, item::text, metadata::text,
            prompt_tokens, completion_tokens, created_at, ended_at
            """;

    private final EventLog log = POSTGRES.log();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter writer = new TestWriter(log, thread, 0);
    private final RunKey run = REQUESTS.newRun(thread, 1);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void anAdmittedRunIsKnownToTheLogAndQueued() {
        assertThat(row(run)).contains(entry("logged", false), entry("status", "queued"));

        writer.store(run, admitted());

        assertThat(row(run))
                .contains(
                        entry("logged", true),
                        entry("status", "queued"),
                        entry("started_at", null),
                        entry("started_seq", null),
                        entry("ended_seq", null));
    }

    @Test
    void aStartedRunHasItsTimesAndItsPlaceInTheLog() {
        writer.store(run, admitted());
        writer.store(run, started());

        assertThat(row(run))
                .contains(
                        entry("status", "in_progress"),
                        entry("started_at", at(TestWriter.AT)),
                        entry("started_seq", 2L),
                        entry("expires_at", at(EXPIRES_AT)),
                        entry("ended_at", null));
    }

    @Test
    void aRunToldToStopIsCancellingAndKeepsItsStart() {
        writer.store(run, admitted(), started());
        writer.store(run, new RunEvent.StopRequested(StopCause.CLIENT));

        assertThat(row(run))
                .contains(
                        entry("status", "cancelling"),
                        entry("started_at", at(TestWriter.AT)),
                        entry("started_seq", 2L),
                        entry("expires_at", at(EXPIRES_AT)),
                        entry("ended_seq", null));
    }

    static Stream<Arguments> endings() {
        var failed = new RunFailure(RunFailure.Code.RATE_LIMIT_EXCEEDED, "Later, 'please'");
        return Stream.of(
                Arguments.of(new RunEvent.Completed(USAGE), "completed", null, null, null),
                Arguments.of(
                        new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, USAGE),
                        "incomplete",
                        null,
                        null,
                        "content_filter"),
                Arguments.of(
                        new RunEvent.Failed(failed, USAGE), "failed", "rate_limit_exceeded", "Later, 'please'", null),
                Arguments.of(new RunEvent.Cancelled(StopCause.CLIENT, USAGE), "cancelled", null, null, null),
                Arguments.of(new RunEvent.Expired(USAGE), "expired", null, null, null));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void anEndedRunSaysHowItEnded(
            RunEvent.Terminal end, String status, String failureCode, String failureMessage, String incompleteReason) {
        writer.store(run, admitted(), started());
        writer.store(run, end);

        assertThat(row(run))
                .contains(
                        entry("status", status),
                        entry("started_seq", 2L),
                        entry("ended_at", at(TestWriter.AT)),
                        entry("ended_seq", 3L),
                        entry("prompt_tokens", USAGE.promptTokens()),
                        entry("completion_tokens", USAGE.completionTokens()),
                        entry("failure_code", failureCode),
                        entry("failure_message", failureMessage),
                        entry("incomplete_reason", incompleteReason));
    }

    @Test
    void everyCountOfAUsageIsKeptOfTheRunAndOfItsItems() {
        var usage = new Usage(13, 11, 7, 5);
        var item = ItemId.fresh();
        var said = Item.Message.of(Role.ASSISTANT, "said");
        writer.store(run, admitted(), started(), opened(item));

        writer.store(
                run,
                new RunEvent.ItemClosed(0, item, ItemStatus.COMPLETED, said, usage),
                new RunEvent.Completed(usage));

        assertThat(POSTGRES.runs().find(run.thread(), run.id()).block().usage()).isEqualTo(usage);
        assertThat(POSTGRES.items().outputs(run).block())
                .extracting(found -> found.output().orElseThrow().usage())
                .containsExactly(usage);
    }

    @Test
    void aWholeLifeMayStandInOneAppend() {
        writer.store(run, life("Hello"));

        assertThat(row(run))
                .contains(
                        entry("logged", true),
                        entry("status", "completed"),
                        entry("started_seq", 2L),
                        entry("ended_seq", 8L));
        assertThat(items(run)).extracting(item -> item.get("status")).containsExactly("completed");
    }

    @Test
    void anOpenedItemTakesItsPlaceBehindTheInputs() {
        RunKey withInputs = POSTGRES.admission()
                .admit(
                        thread,
                        PostgresRequests.newRun(
                                Strategy.CONCURRENT,
                                PostgresRequests.userSays("one"),
                                PostgresRequests.userSays("two")))
                .block(TestPostgres.PATIENCE)
                .key();
        var item = ItemId.fresh();
        var nothing = new Item.Message(Role.ASSISTANT, List.of());

        writer.store(withInputs, admitted(), started(), new RunEvent.ItemOpened(1, item, 3, nothing));

        assertThat(items(withInputs))
                .containsExactly(Map.ofEntries(
                        entry("thread_id", thread.id().value()),
                        entry("turn", withInputs.turn()),
                        entry("item_index", 3),
                        entry("id", item.value()),
                        entry("tenant_id", "default"),
                        entry("output_of", withInputs.id().value()),
                        entry("model_call", 3),
                        entry("kind", "message"),
                        entry("status", "in_progress"),
                        entry("item", "{\"role\": \"assistant\", \"type\": \"message\", \"content\": []}"),
                        entry("metadata", "{}"),
                        entry("prompt_tokens", 0L),
                        entry("completion_tokens", 0L),
                        entry("created_at", at(TestWriter.AT)),
                        entry("ended_at", UNTOLD)));
    }

    @Test
    void anItemClosedInALaterAppendKeepsItsPlaceAndItsOrigin() {
        var item = ItemId.fresh();
        var nothing = new Item.Message(Role.ASSISTANT, List.of());
        writer.store(run, admitted(), started(), new RunEvent.ItemOpened(0, item, 2, nothing));
        POSTGRES.rows("update items set created_at = created_at - interval '1 minute' where id = ?", item.value());

        writer.store(run, said(item, "Hel"), said(item, "lo"), closed(item, "Hello"));

        assertThat(items(run)).hasSize(1);
        assertThat(items(run).getFirst())
                .contains(
                        entry("id", item.value()),
                        entry("item_index", 0),
                        entry("model_call", 2),
                        entry("status", "completed"),
                        entry("prompt_tokens", USAGE.promptTokens()),
                        entry("completion_tokens", USAGE.completionTokens()),
                        entry("created_at", at(TestWriter.AT.minusSeconds(60))),
                        entry("ended_at", at(TestWriter.AT)))
                .hasEntrySatisfying("item", json -> assertThat(json.toString()).contains("Hello"));
    }

    @Test
    void anItemOpenedAndClosedInOneAppendIsWhole() {
        var item = ItemId.fresh();

        writer.store(run, admitted(), started(), opened(item), said(item, "Hi"), closed(item, "Hi"));

        assertThat(items(run)).hasSize(1);
        assertThat(items(run).getFirst())
                .contains(
                        entry("model_call", 0),
                        entry("status", "completed"),
                        entry("created_at", at(TestWriter.AT)),
                        entry("ended_at", at(TestWriter.AT)));
    }

    @Test
    void anItemLeftOpenIsCutByTheEndOfItsRunAndNoOther() {
        var open = ItemId.fresh();
        var ended = ItemId.fresh();
        var ofAnother = ItemId.fresh();
        RunKey other = REQUESTS.newRun(thread, 2);
        writer.store(run, admitted(), started(), opened(ended), closed(ended, "whole"), opened(1, open));
        writer.store(other, admitted(), started(), opened(ofAnother));

        writer.store(run, new RunEvent.Failed(RunFailure.serverError("Oh"), Usage.NONE));

        assertThat(item(ended)).contains(entry("status", "completed"));
        assertThat(item(open)).contains(entry("status", "run_failed"), entry("ended_at", at(TestWriter.AT)));
        assertThat(item(ofAnother)).contains(entry("status", "in_progress"), entry("ended_at", UNTOLD));
    }

    @Test
    void anItemOpenedInTheVeryAppendThatEndsItsRunIsCutToo() {
        var open = ItemId.fresh();
        var ended = ItemId.fresh();

        writer.store(
                run,
                admitted(),
                started(),
                opened(ended),
                closed(ended, "whole"),
                opened(1, open),
                new RunEvent.Incomplete(IncompleteReason.MAX_PROMPT_TOKENS, Usage.NONE));

        assertThat(item(ended)).contains(entry("status", "completed"));
        assertThat(item(open)).contains(entry("status", "max_tokens"), entry("ended_at", at(TestWriter.AT)));
    }

    @Test
    void anItemClosedByItsRunIsNotCutByTheRunsEnd() {
        var item = ItemId.fresh();
        writer.store(run, admitted(), started(), opened(item));

        writer.store(run, closed(0, item, ItemStatus.RUN_CANCELLED, "Hel"), new RunEvent.Expired(Usage.NONE));

        assertThat(item(item)).contains(entry("status", "run_cancelled"));
    }

    @Test
    void onlyTheNamedInboxEntriesAreConsumed() {
        RunKey admittedRun = REQUESTS.admit(thread, Strategy.CONCURRENT);
        REQUESTS.addMessage(thread, "Hello");
        REQUESTS.askStop(admittedRun, StopCause.CLIENT);
        List<InboxEntry> entries = POSTGRES.inbox().read(thread, 0, 10).block(TestPostgres.PATIENCE);

        writer.send(TestWriter.consuming(
                writer.next(admittedRun, admitted()), entries.getFirst().id()));

        assertThat(inboxKinds()).containsExactly("message", "stop");
    }

    @Test
    void theStopsOfARunGoWithItsEnd() {
        RunKey other = REQUESTS.newRun(thread, 2);
        REQUESTS.askStop(run, StopCause.CLIENT);
        REQUESTS.askStop(other, StopCause.CLIENT);
        writer.store(run, admitted(), started(), new RunEvent.StopRequested(StopCause.CLIENT));
        assertThat(inboxKinds()).containsExactly("stop", "stop");

        writer.store(run, new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));

        assertThat(POSTGRES.rows(
                        "select run_id from thread_inbox where thread_id = ?",
                        thread.id().value()))
                .containsExactly(Map.of("run_id", other.id().value()));
    }

    @Test
    void anAppendThatFoundItsPlaceTakenChangesNoRow() {
        Append late = TestWriter.together(
                writer.next(run, admitted(), started(), opened(ItemId.fresh())),
                writer.next(REQUESTS.newRun(thread, 2), life("never")));
        writer.store(REQUESTS.newRun(thread, 3), admitted());
        Map<String, Object> before = row(run);

        AppendOutcome outcome = log.append(late).block(TestPostgres.PATIENCE);

        assertThat(outcome).isEqualTo(new AppendOutcome.Moved(1));
        assertThat(row(run)).isEqualTo(before);
        assertThat(itemsOfThread()).isEmpty();
    }

    @Test
    void severalRunsOfAThreadMayEndInOneAppend() {
        RunKey other = REQUESTS.newRun(thread, 2);

        writer.send(TestWriter.together(writer.next(run, life("one")), writer.next(other, life("two"))));

        assertThat(row(run)).contains(entry("status", "completed"), entry("ended_seq", 8L));
        assertThat(row(other))
                .contains(entry("status", "completed"), entry("started_seq", 10L), entry("ended_seq", 16L));
        assertThat(itemsOfThread()).extracting(item -> item.get("turn")).containsExactly(1L, 2L);
    }

    private static Map<String, Object> row(RunKey run) {
        return POSTGRES.rows("select * from runs where id = ?", run.id().value())
                .getFirst();
    }

    private static Map<String, Object> item(ItemId item) {
        return told(POSTGRES.rows("select " + ITEM + " from items where id = ?", item.value()))
                .getFirst();
    }

    private static List<Map<String, Object>> items(RunKey run) {
        return told(POSTGRES.rows(
                "select " + ITEM + " from items where output_of = ? order by turn, item_index",
                run.id().value()));
    }

    private List<Map<String, Object>> itemsOfThread() {
        return told(POSTGRES.rows(
                "select " + ITEM + " from items where thread_id = ? order by turn, item_index",
                thread.id().value()));
    }

    private List<Object> inboxKinds() {
        return POSTGRES
                .rows(
                        "select kind from thread_inbox where thread_id = ? order by id",
                        thread.id().value())
                .stream()
                .map(row -> row.get("kind"))
                .toList();
    }

    /** With a word for null, so that the rows can be compared with maps. */
    private static List<Map<String, Object>> told(List<Map<String, Object>> rows) {
        rows.forEach(row -> row.replaceAll((_, value) -> value == null ? UNTOLD : value));
        return rows;
    }

    private static Timestamp at(Instant time) {
        return Timestamp.from(time);
    }
}
