package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.ToolCalls;
import dev.heddle.persistence.ToolCalls.Known;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The effect ledger: of each call at most one beginner is told that it is new. */
class PostgresToolCallsIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final ToolCalls ledger = POSTGRES.toolCalls();
    private final RunKey run = REQUESTS.admit(REQUESTS.newThread(), Strategy.CONCURRENT);
    private final CallId call = CallId.fresh();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aCallThatWasNeverMadeIsNew() {
        assertThat(begin(call)).isEqualTo(new Known.New());
        assertThat(begin(CallId.fresh())).isEqualTo(new Known.New());
    }

    @Test
    void aCallThatWasBegunMayHaveBeenMade() {
        begin(call);

        assertThat(begin(call)).isEqualTo(new Known.Begun());
        assertThat(begin(call)).isEqualTo(new Known.Begun());
    }

    @Test
    void aCallThatHasEndedTellsItsOutput() {
        begin(call);
        ledger.end(run, call, "42 \"🧵\"").block(PATIENCE);

        assertThat(begin(call)).isEqualTo(new Known.Ended("42 \"🧵\""));
    }

    @Test
    void theFirstWordOnTheOutcomeStays() {
        begin(call);
        ledger.end(run, call, "first").block(PATIENCE);
        ledger.end(run, call, "second").block(PATIENCE);

        assertThat(begin(call)).isEqualTo(new Known.Ended("first"));
    }

    @Test
    void ofManyWhoBeginACallAtOnceOneIsToldThatItIsNew() {
        List<Known> known = allAtOnce(20, _ -> ledger.begin(run, call, "lookup"));

        assertThat(known).filteredOn(new Known.New()::equals).hasSize(1);
        assertThat(known).filteredOn(new Known.Begun()::equals).hasSize(19);
    }

    @Test
    void theSameCallIdInAnotherRunIsAnotherCall() {
        begin(call);
        RunKey other = REQUESTS.admit(REQUESTS.newThread(), Strategy.CONCURRENT);

        assertThat(ledger.begin(other, call, "lookup").block(PATIENCE)).isEqualTo(new Known.New());
    }

    @Test
    void anotherTenantNeitherSeesNorChangesTheCall() {
        begin(call);
        var foreign =
                new RunKey(new ThreadKey(new TenantId("foreign"), run.thread().id()), run.turn(), run.id());

        assertProblem(ledger.begin(foreign, call, "lookup"), new Problem.RunNotFound(run.id()));
        assertProblem(ledger.begin(foreign, CallId.fresh(), "lookup"), new Problem.RunNotFound(run.id()));
        ledger.end(foreign, call, "forged").block(PATIENCE);

        assertThat(begin(call)).isEqualTo(new Known.Begun());
    }

    @Test
    void aRunThatIsNotThereCallsNothing() {
        var unknown = new RunKey(run.thread(), 7, RunId.fresh());

        assertProblem(ledger.begin(unknown, call, "lookup"), new Problem.RunNotFound(unknown.id()));
    }

    @Test
    void theLedgerTellsWhichToolWasCalledWhen() {
        begin(call);
        ledger.end(run, call, "42").block(PATIENCE);

        assertThat(POSTGRES.rows(
                        "select tenant_id, tool, ended_at >= begun_at as in_order from tool_calls where run_id = ?",
                        run.id().value()))
                .containsExactly(Map.of("tenant_id", "default", "tool", "lookup", "in_order", true));
    }

    private Known begin(CallId id) {
        return ledger.begin(run, id, "lookup").block(PATIENCE);
    }
}
