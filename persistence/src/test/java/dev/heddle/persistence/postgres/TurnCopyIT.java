package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.calls;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Copies of settled turns: in their order, at the end, and in nobody's way. */
class TurnCopyIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Items items = POSTGRES.items();
    private final ThreadKey source = REQUESTS.newThread();
    private final ThreadKey target = REQUESTS.newThread();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), source, 0);

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aForkBeginsWithTheSettledTurnsInTheirOrder() {
        REQUESTS.addMessage(source, "question");
        RunKey run = admit(source, "input");
        owner.store(run, life("answer"));
        REQUESTS.addMessage(source, "nobody's");

        ThreadKey fork = fork();

        assertThat(texts(fork)).containsExactly("question", "input", "answer", "nobody's");
        assertThat(items(fork).stream().map(item -> item.position().turn())).containsExactly(1L, 2L, 2L, 3L);
        assertThat(turns(fork)).containsExactly(1L, 2L, 3L);
        assertThat(inbox(fork))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(new InboxEntry.ThreadChanged(0, new ThreadEvent.TurnsImported(source.id(), 1, 3)));
        assertThat(admit(fork).turn()).isEqualTo(4);
    }

    @Test
    void aCopyIsTheSameItemUnderAnotherIdAndOfNoRun() {
        RunKey run = admit(source);
        Item.FunctionCall call = call("{\"a\": 1}");
        owner.store(run, admitted(), started());
        owner.store(run, calls(3, 0, call).toArray(RunEvent[]::new));
        owner.store(run, completed());
        StoredItem original = items.outputs(run).block(PATIENCE).getFirst();
        items.replaceMetadata(source, original.id(), Map.of("color", "blue")).block(PATIENCE);

        ThreadKey fork = fork();

        assertThat(POSTGRES.rows("""
                        select turn, item_index, tenant_id, output_of is null as of_no_run, model_call, kind, status,
                               metadata::text, created_at, ended_at, item::text, id <> ? as other_id
                          from items where thread_id = ?
                        """, original.id().value(), fork.id().value()))
                .isEqualTo(POSTGRES.rows("""
                        select 1::bigint as turn, item_index, tenant_id, true as of_no_run, model_call, kind, status,
                               metadata::text, created_at, ended_at, item::text, true as other_id
                          from items where id = ?
                        """, original.id().value()))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("model_call", 3));
    }

    @Test
    void whatIsNotSettledOrGoneIsNotCopied() {
        REQUESTS.addMessage(source, "of an active run");
        RunKey active = admit(source, "active input");
        owner.store(active, admitted(), started(), opened(ItemId.fresh()));
        ItemId deleted = REQUESTS.addMessage(source, "deleted");
        admission.deleteMessage(source, deleted).block(PATIENCE);
        REQUESTS.addMessage(source, "of a withdrawn run");
        RunKey withdrawn = admit(source, "withdrawn input");
        admission.withdraw(source, withdrawn.id()).block(PATIENCE);
        RunKey empty = admit(source);
        owner.store(
                empty,
                admitted(),
                new RunEvent.StopRequested(StopCause.CLIENT),
                new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));
        REQUESTS.addMessage(source, "settled");

        ThreadKey fork = fork();

        assertThat(texts(fork)).containsExactly("settled");
        assertThat(turns(fork)).containsExactly(1L);
    }

    @Test
    void aDeletedItemIsMissingInTheCopyOfItsTurn() {
        RunKey run = admit(source, "one", "two");
        owner.store(run, life("answer"));
        admission.deleteMessage(source, items(source).getFirst().id()).block(PATIENCE);

        assertThat(texts(fork())).containsExactly("two", "answer");
    }

    @Test
    void aForkHasItsOwnMessagesBehindTheCopies() {
        REQUESTS.addMessage(source, "copied");
        var asked = new NewThread(
                ThreadId.fresh(), List.of(userSays("own")), Optional.of(Strategy.ENQUEUE), Map.of("color", "blue"));

        StoredThread fork = admission.fork(source, asked).block(PATIENCE);

        assertThat(fork.metadata()).isEqualTo(Map.of("color", "blue"));
        assertThat(fork.strategy()).contains(Strategy.ENQUEUE);
        assertThat(texts(fork.key())).containsExactly("copied", "own");
        assertThat(inbox(fork.key()))
                .extracting(entry -> entry.getClass().getSimpleName())
                .containsExactly("ThreadChanged", "ItemAdded");
        assertThat(admit(fork.key()).turn()).isEqualTo(3);
    }

    @Test
    void turnsAreImportedBehindThoseThatAreThere() {
        REQUESTS.addMessage(source, "from elsewhere");
        RunKey run = admit(target, "own");

        admission.importTurns(source, target).block(PATIENCE);
        REQUESTS.addMessage(target, "later");

        assertThat(texts(target)).containsExactly("own", "from elsewhere", "later");
        assertThat(run.turn()).isEqualTo(1);
        assertThat(inbox(target).get(1))
                .usingRecursiveComparison()
                .ignoringFields("id")
                .isEqualTo(new InboxEntry.ThreadChanged(0, new ThreadEvent.TurnsImported(source.id(), 2, 2)));
    }

    @Test
    void aThreadMayBeImportedIntoItself() {
        REQUESTS.addMessage(source, "one");
        REQUESTS.addMessage(source, "two");

        admission.importTurns(source, source).block(PATIENCE);
        admission.importTurns(source, source).block(PATIENCE);

        assertThat(texts(source)).containsExactly("one", "two", "one", "two", "one", "two", "one", "two");
        assertThat(turns(source)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void whereThereIsNothingToCopyNothingHappens() {
        ThreadKey fork = fork();
        admission.importTurns(source, target).block(PATIENCE);

        assertThat(texts(fork)).isEmpty();
        assertThat(inbox(fork)).isEmpty();
        assertThat(inbox(target)).isEmpty();
        assertThat(admit(target).turn()).isEqualTo(1);
    }

    @Test
    void importedMessagesAreSettledAndAdoptedByNobody() {
        REQUESTS.addMessage(source, "imported");
        admission.importTurns(source, target).block(PATIENCE);

        RunKey withInput = admit(target, "input");
        RunKey without = admit(target);

        assertThat(POSTGRES.rows(
                        "select number from turns where thread_id = ? and imported and adopted_by is null",
                        target.id().value()))
                .containsExactly(Map.of("number", 1L));
        assertThat(texts(items.context(withInput, 10).map(RunContext::items).block(PATIENCE)))
                .containsExactly("imported", "input");
        assertThat(texts(items.context(without, 10).map(RunContext::items).block(PATIENCE)))
                .containsExactly("imported");
    }

    @Test
    void theImportedSurviveARollback() {
        REQUESTS.addMessage(source, "imported");
        RunKey gone = admit(target, "gone");
        admission.importTurns(source, target).block(PATIENCE);

        admission.admit(target, newRun(Strategy.ROLLBACK, userSays("instead"))).block(PATIENCE);

        assertThat(gone.turn()).isEqualTo(1);
        assertThat(texts(target)).containsExactly("imported", "instead");
    }

    @Test
    void ofTwoThreadsBothMustBeThere() {
        var unknown = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        var foreign = new ThreadKey(new TenantId("foreign"), source.id());
        NewThread asked = newThread(List.of());
        REQUESTS.addMessage(source, "secret");

        assertProblem(admission.fork(unknown, asked), new Problem.ThreadNotFound(unknown.id()));
        assertProblem(admission.fork(foreign, asked), new Problem.ThreadNotFound(source.id()));
        assertProblem(admission.importTurns(unknown, target), new Problem.ThreadNotFound(unknown.id()));
        assertProblem(admission.importTurns(source, unknown), new Problem.ThreadNotFound(unknown.id()));
        assertProblem(
                admission.importTurns(foreign, new ThreadKey(foreign.tenant(), target.id())),
                new Problem.ThreadNotFound(Stream.of(source, target)
                        .map(ThreadKey::id)
                        .min((a, b) -> a.value().compareTo(b.value()))
                        .orElseThrow()));
        assertThat(POSTGRES.rows(
                        "select id from threads where id = ?", asked.id().value()))
                .isEmpty();
        assertThat(texts(target)).isEmpty();
    }

    @RepeatedTest(5)
    void threadsThatImportEachOtherDoNotWaitForEachOther() {
        REQUESTS.addMessage(source, "a");
        REQUESTS.addMessage(target, "b");

        List<Object> answers = answersOf(
                8, i -> i % 2 == 0 ? admission.importTurns(source, target) : admission.importTurns(target, source));

        assertThat(answers).hasSize(8).allMatch(StoredThread.class::isInstance);
        assertThat(turns(source)).isEqualTo(upTo(turns(source).size()));
        assertThat(turns(target)).isEqualTo(upTo(turns(target).size()));
    }

    @RepeatedTest(5)
    void turnsAndImportsThatRaceTakeEachNumberOnce() {
        REQUESTS.addMessage(source, "a");

        answersOf(
                12,
                i -> i % 2 == 0
                        ? admission.importTurns(source, target)
                        : admission.addMessage(target, userSays("b"), WhileActive.ALLOW));

        assertThat(turns(target)).isEqualTo(upTo(12));
    }

    @Test
    void anAnswerIsCopiedOnlyWhenItsRunHasEnded() {
        RunKey run = admit(source, "question");
        var answer = ItemId.fresh();
        owner.store(run, admitted(), started(), opened(answer), closed(answer, "answer"));
        assertThat(texts(fork())).isEmpty();

        owner.store(run, completed());

        assertThat(texts(fork())).containsExactly("question", "answer");
        assertThat(items(fork()))
                .extracting(item -> ((Item.Message) item.item()).role())
                .containsExactly(Role.USER, Role.ASSISTANT);
    }

    private ThreadKey fork() {
        return admission.fork(source, newThread(List.of())).block(PATIENCE).key();
    }

    private RunKey admit(ThreadKey thread, String... inputs) {
        var messages = Stream.of(inputs).map(PostgresRequests::userSays).toArray(NewItem[]::new);
        return admission
                .admit(thread, newRun(Strategy.CONCURRENT, messages))
                .block(PATIENCE)
                .key();
    }

    private List<StoredItem> items(ThreadKey thread) {
        return items.messages(
                        thread,
                        Optional.empty(),
                        new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty()))
                .block(PATIENCE)
                .data();
    }

    private List<String> texts(ThreadKey thread) {
        return texts(items(thread));
    }

    private static List<String> texts(List<StoredItem> found) {
        return found.stream()
                .map(item -> ((Item.Message) item.item()).content().getFirst())
                .map(content -> ((Content.Text) content).text())
                .toList();
    }

    private static List<InboxEntry> inbox(ThreadKey thread) {
        return POSTGRES.inbox().read(thread, 0, 1000).block(PATIENCE);
    }

    private static List<Object> turns(ThreadKey thread) {
        return POSTGRES
                .rows(
                        "select number from turns where thread_id = ? order by number",
                        thread.id().value())
                .stream()
                .map(row -> row.get("number"))
                .toList();
    }

    private static List<Object> upTo(int last) {
        return LongStream.rangeClosed(1, last).<Object>mapToObj(Long::valueOf).toList();
    }
}
