package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.calls;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.paused;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Outputs for a paused run: exactly those it waits for, once. */
class OutputSubmissionIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);
    private final RunKey run = admission
            .admit(thread, newRun(Strategy.CONCURRENT, userSays("a"), userSays("b")))
            .block(PATIENCE)
            .key();
    private final Item.FunctionCall first = call("{\"a\":1}");
    private final Item.FunctionCall second = call("no JSON \" \\");

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aPausedRunTellsWhatItWaitsFor() {
        owner.store(run, paused(EXPIRES_AT, first, second));

        StoredRun found = POSTGRES.runs().find(thread, run.id()).block(PATIENCE);

        assertThat(found.status()).isEqualTo(RunStatus.REQUIRES_ACTION);
        assertThat(found.requiredAction()).contains(new StoredRun.RequiredAction(10, List.of(first, second)));
    }

    @Test
    void aRunWithItsOutputsIsQueuedAndItsAnswerTellsWhatItWaitedFor() {
        owner.store(run, paused(EXPIRES_AT, first, second));

        StoredRun answer = submit(output(second), output(first)).block(PATIENCE);

        assertThat(answer.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(answer.requiredAction()).contains(new StoredRun.RequiredAction(10, List.of(first, second)));
        StoredRun found = POSTGRES.runs().find(thread, run.id()).block(PATIENCE);
        assertThat(found.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(found.requiredAction()).isEmpty();
    }

    @Test
    void outputsTakeTheirPlacesInTheOrderOfTheCallsBehindAllThatTheRunHasProduced() {
        var text = ItemId.fresh();
        owner.store(run, admitted(), started(), opened(text), closed(text, "I look that up."));
        owner.store(run, calls(1, 1, first, second).toArray(RunEvent[]::new));
        owner.store(run, new RunEvent.ActionRequired(List.of(first, second)));

        submit(output(second), output(first)).block(PATIENCE);

        assertThat(outputs())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("item")
                .containsExactly(
                        new InboxEntry.Output(3, text, 1, output(first)),
                        new InboxEntry.Output(4, text, 1, output(second)));
        assertThat(outputs())
                .extracting(InboxEntry.Output::item)
                .doesNotHaveDuplicates()
                .doesNotContain(text);
    }

    @Test
    void aRunMayWaitForSomeOfItsCallsOnly() {
        owner.store(run, admitted(), started());
        owner.store(run, calls(0, 0, first, second).toArray(RunEvent[]::new));
        owner.store(run, new RunEvent.ActionRequired(List.of(second)));

        submit(output(second)).block(PATIENCE);

        assertThat(outputs()).extracting(InboxEntry.Output::output).containsExactly(output(second));
    }

    @Test
    void whatDoesNotAnswerExactlyTheCallsIsRefusedAndStoresNothing() {
        owner.store(run, paused(EXPIRES_AT, first, second));
        var stranger = new Item.FunctionCallOutput(new CallId("call_of_nobody"), "42");

        assertWrong(List.of());
        assertWrong(List.of(output(first)));
        assertWrong(List.of(output(first), output(first)));
        assertWrong(List.of(output(first), output(second), output(first)));
        assertWrong(List.of(output(first), stranger));
        assertWrong(List.of(output(second), output(first), stranger));

        assertThat(inbox()).hasSize(1);
    }

    private void assertWrong(List<Item.FunctionCallOutput> outputs) {
        assertProblem(
                admission.submitOutputs(thread, run.id(), outputs),
                new Problem.WrongOutputs(
                        run.id(),
                        List.of(first.call(), second.call()),
                        outputs.stream().map(Item.FunctionCallOutput::call).toList()));
    }

    @Test
    void aRunThatWaitsForNothingTakesNoOutputs() {
        assertNotAwaiting(RunStatus.QUEUED);

        owner.store(run, admitted(), started());
        assertNotAwaiting(RunStatus.IN_PROGRESS);

        owner.store(run, calls(0, 0, first).toArray(RunEvent[]::new));
        owner.store(run, new RunEvent.ActionRequired(List.of(first)));
        submit(output(first)).block(PATIENCE);
        assertNotAwaiting(RunStatus.QUEUED);

        owner.store(run, new RunEvent.OutputsSubmitted(), new RunEvent.Resumed());
        assertNotAwaiting(RunStatus.IN_PROGRESS);

        owner.store(run, new RunEvent.Failed(RunFailure.serverError("Oh"), Usage.NONE));
        assertNotAwaiting(RunStatus.FAILED);
    }

    @Test
    void aPausedRunThatIsAskedToStopTakesNoOutputs() {
        owner.store(run, paused(EXPIRES_AT, first));
        REQUESTS.askStop(run, StopCause.CLIENT);

        assertNotAwaiting(RunStatus.CANCELLING);
        assertThat(POSTGRES.runs().find(thread, run.id()).block(PATIENCE).requiredAction())
                .isEmpty();
    }

    @Test
    void aRunThatIsNotThereTakesNoOutputs() {
        var unknown = RunId.fresh();

        assertProblem(
                admission.submitOutputs(thread, unknown, List.of(output(first))), new Problem.RunNotFound(unknown));
    }

    @RepeatedTest(20)
    void ofTwoSubmissionsAtOnceExactlyOneWins() {
        owner.store(run, paused(EXPIRES_AT, first));

        List<Object> answers = answersOf(
                2,
                i -> submit(new Item.FunctionCallOutput(first.call(), "of " + i))
                        .map(stored -> "won"));

        assertThat(answers)
                .containsExactlyInAnyOrder("won", new Problem.NotAwaitingOutputs(run.id(), RunStatus.QUEUED));
        assertThat(outputs()).hasSize(1);
    }

    @RepeatedTest(20)
    void ofAStopAndOutputsAtOnceTheLaterSeesTheEarlier() {
        owner.store(run, paused(EXPIRES_AT, first));

        List<Object> answers = answersOf(
                2,
                i -> i == 0
                        ? submit(output(first)).map(_ -> "submitted")
                        : admission.stop(thread, run.id(), StopCause.CLIENT).map(_ -> "stopped"));

        assertThat(answers).contains("stopped");
        assertThat(answers)
                .filteredOn(answer -> !"stopped".equals(answer))
                .containsAnyOf("submitted", new Problem.NotAwaitingOutputs(run.id(), RunStatus.CANCELLING));
        assertThat(POSTGRES.runs().find(thread, run.id()).block(PATIENCE).status())
                .isEqualTo(RunStatus.CANCELLING);
    }

    @Test
    void outputsThatTheOwnerHasTakenAlreadyAreStillKnownToBeStored() {
        var submission = new OutputSubmission(thread, run.id(), List.of(output(first)), ItemId.fresh());
        owner.store(run, paused(EXPIRES_AT, first));
        assertThat(stored(submission).blockOptional(PATIENCE)).isEmpty();
        POSTGRES.database().inTransaction(submission::store).block(PATIENCE);
        List<RunEvent> events = new ArrayList<>(events(outputs().getFirst()));
        events.addAll(List.of(new RunEvent.OutputsSubmitted(), new RunEvent.Resumed()));
        owner.send(TestWriter.consuming(
                owner.next(run, events.toArray(RunEvent[]::new)),
                inbox().getLast().id()));

        StoredRun answer = stored(submission).block(PATIENCE);

        assertThat(answer.status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(answer.requiredAction()).contains(new StoredRun.RequiredAction(7, List.of(first)));
    }

    private Mono<StoredRun> stored(OutputSubmission submission) {
        return POSTGRES.database().inTransaction(submission::stored);
    }

    private void assertNotAwaiting(RunStatus status) {
        int before = inbox().size();

        assertProblem(submit(output(first)), new Problem.NotAwaitingOutputs(run.id(), status));

        assertThat(inbox()).hasSize(before);
    }

    private Mono<StoredRun> submit(Item.FunctionCallOutput... outputs) {
        return admission.submitOutputs(thread, run.id(), List.of(outputs));
    }

    private static Item.FunctionCallOutput output(Item.FunctionCall call) {
        return new Item.FunctionCallOutput(call.call(), "of " + call.arguments());
    }

    private static List<RunEvent> events(InboxEntry.Output output) {
        return List.of(
                new RunEvent.ItemOpened(output.outputIndex(), output.item(), output.modelCall(), output.output()),
                new RunEvent.ItemClosed(
                        output.outputIndex(), output.item(), ItemStatus.COMPLETED, output.output(), Usage.NONE));
    }

    private List<InboxEntry.Output> outputs() {
        return inbox().stream()
                .filter(InboxEntry.OutputsSubmitted.class::isInstance)
                .map(InboxEntry.OutputsSubmitted.class::cast)
                .flatMap(submitted -> submitted.outputs().stream())
                .toList();
    }

    private List<InboxEntry> inbox() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }
}
