package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.paused;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is withdrawn is nowhere to be seen, from the commit on; and which runs may be withdrawn from the queue. */
class WithdrawalIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Runs runs = POSTGRES.runs();
    private final Items items = POSTGRES.items();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);

    private final ItemId early = REQUESTS.addMessage(thread, "early");
    private final RunKey settled = admit(Strategy.CONCURRENT);
    private final ItemId adopted = REQUESTS.addMessage(thread, "adopted");
    private final RunKey gone = admit(Strategy.CONCURRENT, "input");
    private final ItemId answer = ItemId.fresh();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    private RunKey rollBack() {
        owner.store(settled, life("settled answer"));
        owner.store(gone, admitted(), started(), opened(answer), closed(answer, "said before it was withdrawn"));
        return admit(Strategy.ROLLBACK, "instead");
    }

    @Test
    void aWithdrawnRunIsNotThere() {
        RunKey instead = rollBack();
        var notFound = new Problem.RunNotFound(gone.id());

        assertProblem(runs.find(thread, gone.id()), notFound);
        assertProblem(runs.replaceMetadata(thread, gone.id(), Map.of("a", "b")), notFound);
        assertProblem(runs.list(thread, after(gone.id())), notFound);
        assertProblem(admission.stop(thread, gone.id(), StopCause.CLIENT), notFound);
        assertProblem(admission.withdraw(thread, gone.id()), notFound);
        assertProblem(admission.submitOutputs(thread, gone.id(), List.of()), notFound);
        assertThat(runs.list(thread, all()).block(PATIENCE).data())
                .extracting(StoredRun::key)
                .containsExactly(settled, instead);
        assertThat(runs.active(thread).block(PATIENCE))
                .extracting(StoredRun::key)
                .containsExactly(instead);
        assertThat(POSTGRES.value(
                        "select metadata::text from runs where id = ?",
                        gone.id().value()))
                .isEqualTo("{}");
    }

    @Test
    void theItemsOfAWithdrawnTurnAreNotThere() {
        rollBack();
        ItemId input = new ItemId((UUID) POSTGRES.value(
                "select id from items where thread_id = ? and turn = ? and item_index = 0",
                thread.id().value(),
                gone.turn()));

        for (ItemId item : List.of(adopted, input, answer)) {
            var notFound = new Problem.ItemNotFound(item);
            assertProblem(items.find(thread, item), notFound);
            assertProblem(items.replaceMetadata(thread, item, Map.of("a", "b")), notFound);
            assertProblem(items.messages(thread, Optional.empty(), after(item)), notFound);
            assertProblem(admission.deleteMessage(thread, item), notFound);
        }
        assertProblem(items.outputs(gone), new Problem.RunNotFound(gone.id()));
        assertThat(items.messages(thread, Optional.of(gone.id()), all())
                        .block(PATIENCE)
                        .data())
                .isEmpty();
        assertThat(texts(items.messages(thread, Optional.empty(), all())
                        .block(PATIENCE)
                        .data()))
                .containsExactly("early", "settled answer", "instead");
        assertThat(items.find(thread, early).block(PATIENCE).id()).isEqualTo(early);
    }

    @Test
    void aLaterRunSeesNothingOfWhatWasWithdrawn() {
        RunKey instead = rollBack();

        assertThat(texts(items.context(instead, owner.head() + 1)
                        .map(RunContext::items)
                        .block(PATIENCE)))
                .containsExactly("early", "settled answer", "instead");

        owner.store(gone, new RunEvent.StopRequested(StopCause.LATER_RUN), endOf());
        assertThat(texts(items.context(instead, owner.head() + 1)
                        .map(RunContext::items)
                        .block(PATIENCE)))
                .containsExactly("early", "settled answer", "instead");
    }

    @Test
    void aRunThatSeesAllMessagesSeesNoWithdrawnOnes() {
        rollBack();
        RunKey second = admit(Strategy.CONCURRENT);

        assertThat(texts(items.context(second, owner.head() + 1)
                        .map(RunContext::items)
                        .block(PATIENCE)))
                .containsExactly("early", "settled answer");
    }

    @Test
    void aWithdrawnRunThatHasNotHeardOfItYetIsNotRobbedOfItsContext() {
        rollBack();

        assertThat(texts(items.context(gone, owner.head() + 1)
                        .map(RunContext::items)
                        .block(PATIENCE)))
                .containsExactly("early", "settled answer", "adopted", "input", "said before it was withdrawn");
    }

    @Test
    void theRowsOfRunsAndItemsAreNotTouchedByARollback() {
        owner.store(gone, admitted(), started(), opened(answer));
        String rows = """
                select xmin::text from runs where thread_id = ? and id <> ?
                union all select xmin::text from items where thread_id = ? and turn <= ?
                """;
        Object id = thread.id().value();
        var never = UUID.randomUUID();
        var before = POSTGRES.rows(rows, id, never, id, gone.turn());

        RunKey instead = admit(Strategy.ROLLBACK);

        assertThat(POSTGRES.rows(rows, id, instead.id().value(), id, gone.turn()))
                .isEqualTo(before);
    }

    @Test
    void aQueuedRunIsWithdrawnWithWhatItAdopted() {
        admission.withdraw(thread, gone.id()).block(PATIENCE);

        assertThat(inbox().subList(4, 6))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(
                        new InboxEntry.StopAsked(0, gone.id(), StopCause.CLIENT),
                        new InboxEntry.ThreadChanged(
                                0, new ThreadEvent.TurnsWithdrawn(List.of(gone.turn() - 1, gone.turn()))));
        assertProblem(runs.find(thread, gone.id()), new Problem.RunNotFound(gone.id()));
        assertProblem(items.find(thread, adopted), new Problem.ItemNotFound(adopted));
    }

    @Test
    void aRunThatHasStartedIsNotInTheQueue() {
        owner.store(gone, admitted(), started());
        assertNotQueued(RunStatus.IN_PROGRESS);

        owner.store(gone, new RunEvent.StopRequested(StopCause.CLIENT));
        assertNotQueued(RunStatus.CANCELLING);

        owner.store(gone, endOf());
        assertNotQueued(RunStatus.CANCELLED);
    }

    @Test
    void aRunThatWaitsToGoOnIsNotInTheQueueEither() {
        owner.store(gone, paused(EXPIRES_AT, call("{}")));
        assertNotQueued(RunStatus.REQUIRES_ACTION);

        REQUESTS.submitOutputs(gone, "42");
        assertNotQueued(RunStatus.QUEUED);
    }

    @Test
    void aRunThatIsAskedToStopIsNotInTheQueue() {
        REQUESTS.askStop(gone, StopCause.CLIENT);

        assertNotQueued(RunStatus.CANCELLING);
    }

    @Test
    void aRunIsWithdrawnOnce() {
        List<Object> answers =
                answersOf(10, _ -> admission.withdraw(thread, gone.id()).thenReturn("withdrawn"));

        assertThat(answers).filteredOn("withdrawn"::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(9)
                .containsOnly(new Problem.RunNotFound(gone.id()));
        assertThat(inbox()).hasSize(6);
    }

    private void assertNotQueued(RunStatus status) {
        int before = inbox().size();

        assertProblem(admission.withdraw(thread, gone.id()), new Problem.NotQueued(gone.id(), status));

        assertThat(inbox()).hasSize(before);
    }

    private RunKey admit(Strategy strategy, String... inputs) {
        var messages = Stream.of(inputs).map(PostgresRequests::userSays).toArray(NewItem[]::new);
        return admission
                .admit(thread, newRun(strategy, messages))
                .block(PATIENCE)
                .key();
    }

    private static RunEvent endOf() {
        return new RunEvent.Cancelled(StopCause.LATER_RUN, Usage.NONE);
    }

    private List<InboxEntry> inbox() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }

    private static List<String> texts(List<StoredItem> found) {
        return found.stream()
                .map(item -> ((Item.Message) item.item()).content().getFirst())
                .map(content -> ((Content.Text) content).text())
                .toList();
    }

    private static <I> PageRequest<I> all() {
        return new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty());
    }

    private static <I> PageRequest<I> after(I cursor) {
        return new PageRequest<>(100, Order.ASCENDING, Optional.of(cursor), Optional.empty());
    }
}
