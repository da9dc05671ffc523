package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.calls;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Deleting messages: gone from lists and contexts, kept for the steps of the run that said them. */
class MessageDeletionIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Items items = POSTGRES.items();
    private final ThreadKey thread = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);
    private final ItemId question = REQUESTS.addMessage(thread, "question");
    private final RunKey run = admit();
    private final ItemId answer = ItemId.fresh();

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aDeletedMessageIsInNoListAndNoContextAndItsOwnerIsTold() {
        owner.store(run, admitted(), started(), opened(answer), closed(answer, "answer"));
        ItemId kept = REQUESTS.addMessage(thread, "kept");
        RunKey next = admit();

        admission.deleteMessage(thread, question).block(PATIENCE);

        var notFound = new Problem.ItemNotFound(question);
        assertProblem(items.find(thread, question), notFound);
        assertProblem(items.replaceMetadata(thread, question, Map.of("a", "b")), notFound);
        assertProblem(items.messages(thread, Optional.empty(), after(question)), notFound);
        assertProblem(admission.deleteMessage(thread, question), notFound);
        assertThat(ids(items.messages(thread, Optional.empty(), all())
                        .block(PATIENCE)
                        .data()))
                .containsExactly(answer, kept);
        assertThat(ids(items.context(run, owner.head()).map(RunContext::items).block(PATIENCE)))
                .containsExactly(answer);
        assertThat(ids(items.context(next, owner.head()).map(RunContext::items).block(PATIENCE)))
                .containsExactly(kept);
        assertThat(inbox().getLast())
                .isInstanceOfSatisfying(
                        InboxEntry.ThreadChanged.class,
                        changed -> assertThat(changed.event())
                                .isEqualTo(new ThreadEvent.ItemDeleted(question, Item.Kind.MESSAGE)));
    }

    @Test
    void anAnswerThatWasDeletedStillBelongsToWhatItsRunProduced() {
        owner.store(run, admitted(), started(), opened(answer), closed(answer, "answer"));

        admission.deleteMessage(thread, answer).block(PATIENCE);

        assertThat(ids(items.outputs(run).block(PATIENCE))).containsExactly(answer);
        assertThat(items.messages(thread, Optional.of(run.id()), all())
                        .block(PATIENCE)
                        .data())
                .isEmpty();
        assertThat(ids(items.context(run, owner.head()).map(RunContext::items).block(PATIENCE)))
                .containsExactly(question);
    }

    @Test
    void aMessageThatIsStillBeingWrittenIsNotDeleted() {
        owner.store(run, admitted(), started(), opened(answer));
        int before = inbox().size();

        assertProblem(admission.deleteMessage(thread, answer), new Problem.ItemInProgress(answer));

        assertThat(items.find(thread, answer).block(PATIENCE).id()).isEqualTo(answer);
        assertThat(inbox()).hasSize(before);
    }

    @Test
    void anItemOfARunIsOnlyDeletedAsSuchOnceThatHasEnded() {
        owner.store(run, admitted(), started(), opened(answer), closed(answer, "answer"));
        assertProblem(admission.deleteItem(thread, answer), new Problem.ItemInProgress(answer));
        assertThat(items.find(thread, answer).block(PATIENCE).id()).isEqualTo(answer);

        owner.store(run, completed());
        admission.deleteItem(thread, answer).block(PATIENCE);

        assertProblem(items.find(thread, answer), new Problem.ItemNotFound(answer));
    }

    @Test
    void whatIsNoMessageIsNotDeleted() {
        owner.store(run, admitted(), started());
        owner.store(run, calls(0, 0, call("{}")).toArray(RunEvent[]::new));
        ItemId call = items.outputs(run).block(PATIENCE).getFirst().id();

        assertProblem(admission.deleteMessage(thread, call), new Problem.ItemNotFound(call));

        assertThat(items.find(thread, call).block(PATIENCE).id()).isEqualTo(call);
    }

    @Test
    void aFreeMessageThatWasDeletedIsAdoptedByNobody() {
        ItemId free = REQUESTS.addMessage(thread, "free");
        admission.deleteMessage(thread, free).block(PATIENCE);

        admit();

        assertThat(POSTGRES.rows(
                        "select number from turns where thread_id = ? and run_id is null and adopted_by is null",
                        thread.id().value()))
                .containsExactly(Map.of("number", 3L));
    }

    @Test
    void aMessageIsDeletedOnce() {
        List<Object> answers =
                answersOf(10, _ -> admission.deleteMessage(thread, question).thenReturn("deleted"));

        assertThat(answers).filteredOn("deleted"::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(Problem.class::isInstance)
                .hasSize(9)
                .containsOnly(new Problem.ItemNotFound(question));
        assertThat(inbox()).hasSize(3);
    }

    private RunKey admit() {
        return admission
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE)
                .key();
    }

    private static List<ItemId> ids(List<StoredItem> found) {
        return found.stream().map(StoredItem::id).toList();
    }

    private List<InboxEntry> inbox() {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }

    private static PageRequest<ItemId> all() {
        return new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty());
    }

    private static PageRequest<ItemId> after(ItemId cursor) {
        return new PageRequest<>(100, Order.ASCENDING, Optional.of(cursor), Optional.empty());
    }
}
