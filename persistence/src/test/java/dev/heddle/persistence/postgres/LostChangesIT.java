package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.paused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ToolCalls.Known;
import dev.heddle.persistence.postgres.CutLine.Moment;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever changes a thread and its runs happens once, and is not refused because of itself, when the line breaks. */
class LostChangesIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final CutLine LINE = new CutLine(POSTGRES.url());
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final String COMMIT = "COMMIT";

    // Its connections are new: each statement is spelt on the line once more.
    private final TestPostgres overLine = POSTGRES.reachedBy(LINE.url());
    private final Admission admission = overLine.admission();
    private final ThreadKey thread = REQUESTS.newThread();
    private final RunKey run = REQUESTS.admit(thread, Strategy.CONCURRENT);
    private final int cuts = LINE.cuts();

    @AfterEach
    void theCutWasMade() {
        overLine.close();
        assertThat(LINE.cuts()).isEqualTo(cuts + 1);
    }

    @AfterAll
    static void close() {
        LINE.close();
        POSTGRES.close();
    }

    @ParameterizedTest
    @EnumSource
    void aRunRollsBackTheOthersOnceAndNotItself(Moment moment) {
        NewRun asked = newRun(Strategy.ROLLBACK, userSays("instead"));

        LINE.cut(moment, COMMIT);
        StoredRun admitted = admission.admit(thread, asked).block(PATIENCE);

        assertThat(admitted.key()).isEqualTo(new RunKey(thread, 2, asked.id()));
        assertThat(kinds()).containsExactly("run", "stop", "changed", "run");
        assertThat(POSTGRES.runs().active(thread).block(PATIENCE))
                .extracting(StoredRun::key)
                .containsExactly(admitted.key());
    }

    @ParameterizedTest
    @EnumSource
    void outputsAreBroughtOnce(Moment moment) {
        Item.FunctionCall call = call("{}");
        new TestWriter(POSTGRES.log(), thread, 0).store(run, paused(EXPIRES_AT, call));

        LINE.cut(moment, COMMIT);
        StoredRun answer = admission
                .submitOutputs(thread, run.id(), List.of(new Item.FunctionCallOutput(call.call(), "42")))
                .block(PATIENCE);

        assertThat(answer.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(answer.requiredAction()).contains(new StoredRun.RequiredAction(7, List.of(call)));
        assertThat(kinds()).containsExactly("run", "outputs");
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsStoppedOnce(Moment moment) {
        LINE.cut(moment, COMMIT);
        StoredRun answer = admission.stop(thread, run.id(), StopCause.CLIENT).block(PATIENCE);

        assertThat(answer.status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(kinds()).containsExactly("run", "stop");
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsWithdrawnOnce(Moment moment) {
        LINE.cut(moment, COMMIT);
        admission.withdraw(thread, run.id()).block(PATIENCE);

        assertThat(POSTGRES.runs().active(thread).block(PATIENCE)).isEmpty();
        assertThat(kinds()).containsExactly("run", "stop", "changed");
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsDeletedOnce(Moment moment) {
        ItemId message = REQUESTS.addMessage(thread, "Hello");

        LINE.cut(moment, COMMIT);
        admission.deleteMessage(thread, message).block(PATIENCE);

        assertThat(kinds()).containsExactly("run", "message", "changed");
    }

    @ParameterizedTest
    @EnumSource
    void aThreadIsForkedOnce(Moment moment) {
        REQUESTS.addMessage(thread, "Hello");

        LINE.cut(moment, COMMIT);
        StoredThread fork = admission.fork(thread, newThread(List.of())).block(PATIENCE);

        assertThat(turns(fork.key())).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void turnsAreImportedOnce(Moment moment) {
        ThreadKey target = REQUESTS.newThread();
        REQUESTS.addMessage(thread, "Hello");

        LINE.cut(moment, COMMIT);
        admission.importTurns(thread, target).block(PATIENCE);

        assertThat(turns(target)).isEqualTo(1L);
    }

    @ParameterizedTest
    @EnumSource
    void aCallIsNotTakenForBegunBecauseOfItself(Moment moment) {
        var call = CallId.fresh();

        LINE.cut(moment, "insert into tool_calls");
        Known known = overLine.toolCalls().begin(run, call, "lookup").block(PATIENCE);

        assertThat(known).isEqualTo(new Known.New());
        assertThat(POSTGRES.toolCalls().begin(run, call, "lookup").block(PATIENCE))
                .isEqualTo(new Known.Begun());
    }

    private List<Object> kinds() {
        return POSTGRES
                .rows(
                        "select kind from thread_inbox where thread_id = ? order by id",
                        thread.id().value())
                .stream()
                .map(row -> row.get("kind"))
                .toList();
    }

    private static Object turns(ThreadKey thread) {
        return POSTGRES.value(
                "select count(*) from turns where thread_id = ?", thread.id().value());
    }
}
