package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What the streams of a socket go on from, and what they have let go. */
class ContinuationsTests {
    private final FakeRuns runs = new FakeRuns();
    private final HeldThreads threads = new HeldThreads();
    private final Continuations continuations = new Continuations(runs, threads);

    @Test
    void theLatestResponseOfEveryStreamIsFoundThoughItIsNotStored() {
        var ofDefault = advanced("");
        var ofNamed = advanced("a");

        assertThat(found(ofDefault)).isEqualTo(ofDefault);
        assertThat(found(ofNamed)).isEqualTo(ofNamed);
    }

    @Test
    void aStreamThatAdvancesLetsItsEarlierResponseGo() {
        var earlier = advanced("a");
        var later = advanced("a");

        assertNotFound(earlier);
        assertThat(found(later)).isEqualTo(later);
    }

    @Test
    void whatIsStoredIsFoundWithoutAnyStream() {
        var stored = runs.add(true);

        assertThat(found(stored)).isEqualTo(stored);
        assertNotFound(runs.add(false));
    }

    @Test
    void anotherTenantsResponsesAreNotFound() {
        var stored = runs.add(true);

        StepVerifier.create(continuations.find(new TenantId("another"), stored.id()))
                .verifyError(ProblemException.class);
    }

    @Test
    void aStreamThatFailsToGoOnLetsItsResponseGo() {
        var run = advanced("a");

        continuations.failed("a", run.id());

        assertNotFound(run);
    }

    @Test
    void anotherStreamThatFailsLeavesIt() {
        var run = advanced("a");
        advanced("b");

        continuations.failed("b", run.id());

        assertThat(found(run)).isEqualTo(run);
    }

    @Test
    void whatWasDiscardedMeanwhileIsNowhere() {
        var run = advanced("a");

        runs.discard(run);

        assertNotFound(run);
    }

    @Test
    void onlyTheThreadsOfWhatIsHereAreHeld() {
        advanced("a");
        var second = advanced("a");
        var other = advanced("b");

        continuations.hold().block();

        assertThat(threads.held).containsExactlyInAnyOrder(second.thread(), other.thread());
    }

    private RunKey advanced(String stream) {
        var run = runs.add(false);
        continuations.advance(stream, run);
        return run;
    }

    private RunKey found(RunKey run) {
        return continuations
                .find(run.thread().tenant(), run.id())
                .map(StoredRun::key)
                .block();
    }

    private void assertNotFound(RunKey run) {
        StepVerifier.create(continuations.find(run.thread().tenant(), run.id()))
                .expectErrorSatisfies(error -> assertThat(((ProblemException) error).problem())
                        .isInstanceOfSatisfying(Problem.InvalidRequest.class, problem -> {
                            assertThat(problem.code()).isEqualTo("previous_response_not_found");
                            assertThat(problem.param()).isEqualTo("previous_response_id");
                        }))
                .verify();
    }
}
