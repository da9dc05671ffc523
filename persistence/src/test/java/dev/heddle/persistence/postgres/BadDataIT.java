package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be stored harms nobody but its own thread, and not even that for long. */
class BadDataIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final int OTHERS = 20;
    private static final AppendOutcome STORED = new AppendOutcome.Stored();

    private final EventLog log = POSTGRES.log();
    private final Committer committer = new Committer(POSTGRES.database());
    private final TestWriter writer = new TestWriter(log, REQUESTS.newThread(), 0);
    private final RunKey run = REQUESTS.newRun(writer.thread(), 1);

    @BeforeAll
    static void makeItemsSmall() {
        POSTGRES.rows("alter table items drop constraint item_size");
        POSTGRES.rows("alter table items add constraint item_size check (octet_length(item::text) <= 1000)");
    }

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    static Stream<Arguments> badEvents() {
        var item = ItemId.fresh();
        return Stream.of(
                Arguments.of("an item with U+0000", List.of(opened(item), closed(item, "a\u0000b"))),
                Arguments.of("an item that is too large", List.of(opened(item), closed(item, "a".repeat(1000)))),
                Arguments.of("two items in one place", List.of(opened(item), opened(ItemId.fresh()))),
                Arguments.of("an item that cannot be spelt", List.of(new RunEvent.ItemOpened(0, item, 0, null))),
                Arguments.of(
                        "a failure with U+0000",
                        List.of(new RunEvent.Failed(RunFailure.serverError("a\u0000b"), Usage.NONE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEvents")
    void badDataIsRefusedAndEveryOtherThreadIsStored(String what, List<RunEvent> bad) {
        writer.store(run, admitted(), started());
        Append culprit = writer.next(run, bad.toArray(RunEvent[]::new));

        assertThat(commitAmongOthers(culprit)).isInstanceOf(AppendOutcome.Refused.class);

        assertThat(log.head(writer.thread()).block(TestPostgres.PATIENCE)).isEqualTo(2);
        assertThat(POSTGRES.rows("select id from items where thread_id = ?", id(writer.thread())))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEvents")
    void theThreadGoesOnAfterItsBadData(String what, List<RunEvent> bad) {
        writer.store(run, admitted(), started());
        commitAmongOthers(writer.next(run, bad.toArray(RunEvent[]::new)));

        writer.store(run, new RunEvent.Failed(RunFailure.serverError("It could not be stored."), Usage.NONE));

        assertThat(log.readThread(writer.thread(), 0, 10).block(TestPostgres.PATIENCE))
                .isEqualTo(writer.stored())
                .hasSize(3);
        assertThat(POSTGRES.value(
                        "select status from runs where id = ?", run.id().value()))
                .isEqualTo("failed");
    }

    @Test
    void aRunThatWasDeletedIsRefusedAndItsThreadGoesOn() {
        writer.store(run, admitted());
        RunKey survivor = REQUESTS.newRun(writer.thread(), 2);
        POSTGRES.rows("delete from runs where id = ?", run.id().value());

        assertThat(commitAmongOthers(writer.next(run, started()))).isInstanceOf(AppendOutcome.Refused.class);

        writer.store(survivor, life("still here"));
        assertThat(log.readThread(writer.thread(), 0, 100).block(TestPostgres.PATIENCE))
                .isEqualTo(writer.stored());
    }

    @Test
    void aThreadThatWasDeletedIsFenced() {
        writer.store(run, admitted());
        POSTGRES.rows("delete from threads where id = ?", id(writer.thread()));

        assertThat(commitAmongOthers(writer.next(run, started()))).isEqualTo(new AppendOutcome.Fenced());
    }

    /** Commits it in one group with good appends of other threads, which must be stored with all that they say. */
    private AppendOutcome commitAmongOthers(Append culprit) {
        List<Append> group = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            ThreadKey other = REQUESTS.newThread();
            group.add(new TestWriter(log, other, 0).next(REQUESTS.newRun(other, 1), life("fine")));
        }
        group.add(OTHERS / 2, culprit);

        var outcomes = new ArrayList<>(committer.commit(group).block(TestPostgres.PATIENCE));

        AppendOutcome culprits = outcomes.remove(OTHERS / 2);
        group.remove(culprit);
        assertThat(outcomes).hasSize(OTHERS).containsOnly(STORED);
        assertThat(group)
                .allSatisfy(append -> assertThat(
                                log.readThread(append.thread(), 0, 100).block(TestPostgres.PATIENCE))
                        .isEqualTo(append.events()));
        assertThat(group)
                .allSatisfy(append -> assertThat(
                                POSTGRES.value("select status from items where thread_id = ?", id(append.thread())))
                        .isEqualTo("completed"));
        return culprits;
    }

    private static Object id(ThreadKey thread) {
        return thread.id().value();
    }
}
