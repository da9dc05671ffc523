package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Runs behind earlier ones: where they have their turn, and what a branch shows. Items are named by what they say. */
class BranchIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);

    private final Admission admission = POSTGRES.admission();
    private final Items items = POSTGRES.items();
    private final Runs runs = POSTGRES.runs();
    private final Map<ThreadKey, TestWriter> owners = new HashMap<>();
    private final ThreadKey thread = REQUESTS.newThread();
    private final RunKey first = settled(admit("q1"), "a1");

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void behindTheLastTurnARunStaysInTheThread() {
        RunKey second = chain(first, "q2");

        assertThat(second.thread()).isEqualTo(thread);
        assertThat(second.turn()).isEqualTo(2);
    }

    @Test
    void whatMustNotStayBranchesAlsoBehindTheLastTurn() {
        RunKey second = admission
                .chain(new Chain(first, false, newThread(List.of())), newRun(Strategy.CONCURRENT, userSays("q2")))
                .block(PATIENCE)
                .key();

        assertThat(second.thread()).isNotEqualTo(thread);
        assertThat(second.turn()).isEqualTo(2);
        assertThat(shown(second.thread())).containsExactly("q1", "a1", "q2");
    }

    @Test
    void ofManyThatGoOnFromTheLastTurnAtOnceOneStaysAndTheOthersBranch() {
        List<StoredRun> chained =
                allAtOnce(10, i -> admission.chain(chainOf(first), newRun(Strategy.CONCURRENT, userSays("q" + i))));

        assertThat(chained).extracting(run -> run.key().turn()).containsOnly(2L).hasSize(10);
        assertThat(chained.stream()
                        .collect(Collectors.groupingBy(run -> run.key().thread())))
                .hasSize(10)
                .containsKey(thread);
        assertThat(POSTGRES.value(
                        "select count(*) from threads where parent_thread = ?",
                        thread.id().value()))
                .isEqualTo(9L);
    }

    @Test
    void siblingsDoNotSeeEachOther() {
        RunKey stayed = settled(chain(first, "q2"), "a2");
        RunKey left = settled(chain(first, "left"), "left answer");
        RunKey right = chain(first, "right");

        assertThat(shown(stayed.thread())).containsExactly("q1", "a1", "q2", "a2");
        assertThat(shown(left.thread())).containsExactly("q1", "a1", "left", "left answer");
        assertThat(shown(right.thread())).containsExactly("q1", "a1", "right");
        assertThat(seen(right)).containsExactly("q1", "a1", "right");
    }

    @Test
    void aBranchOfABranchShowsAllItsAncestors() {
        settled(chain(first, "q2"), "a2");
        RunKey second = settled(chain(first, "b2"), "c2");
        RunKey third = settled(chain(second, "b3"), "c3");
        RunKey leaf = chain(second, "d3");
        RunKey afterLeaf = chain(settled(leaf, "e3"), "d4");

        assertThat(third.thread()).isEqualTo(second.thread());
        assertThat(leaf.thread()).isNotEqualTo(second.thread());
        assertThat(afterLeaf.thread()).isEqualTo(leaf.thread());
        assertThat(shown(leaf.thread())).containsExactly("q1", "a1", "b2", "c2", "d3", "e3", "d4");
        assertThat(items.all(leaf.thread(), new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty()))
                        .block(PATIENCE)
                        .data())
                .extracting(StoredItem::thread)
                .containsOnly(leaf.thread().id());
        assertThat(seen(afterLeaf)).containsExactly("q1", "a1", "b2", "c2", "d3", "e3", "d4");
        assertThat(said(items.history(leaf.thread(), 3).block(PATIENCE)))
                .containsExactly("q1", "a1", "b2", "c2", "d3", "e3");
        assertThat(said(items.history(leaf.thread(), 2).block(PATIENCE))).containsExactly("q1", "a1", "b2", "c2");
    }

    @Test
    void aBranchSeesWhatItsParentSawAndNotWhatWasWorkedOnBesideIt() {
        RunKey beside = admit("beside");
        owner(thread).store(beside, admitted(), started());
        RunKey parent = settled(admit("parent"), "said");
        owner(thread).store(beside, answer("late").toArray(RunEvent[]::new));
        admit("behind");
        RunKey branch = chain(parent, "branch");

        assertThat(shown(branch.thread())).containsExactly("q1", "a1", "beside", "late", "parent", "said", "branch");
        assertThat(seen(branch)).containsExactly("q1", "a1", "parent", "said", "branch");
        assertThat(said(items.history(parent).block(PATIENCE))).containsExactly("q1", "a1", "parent", "said");
    }

    @Test
    void theMessagesThatTheParentAdoptedBelongToItsTurn() {
        REQUESTS.addMessage(thread, "free");
        RunKey parent = settled(admit("parent"), "said");
        REQUESTS.addMessage(thread, "behind");
        RunKey branch = chain(parent, "branch");

        assertThat(seen(branch)).containsExactly("q1", "a1", "free", "parent", "said", "branch");
        assertThat(said(items.history(parent).block(PATIENCE))).containsExactly("q1", "a1", "free", "parent", "said");
    }

    @Test
    void aBranchBeginsWithItsOwnItems() {
        chain(first, "q2");

        RunKey branch = admission
                .chain(
                        new Chain(first, true, newThread(List.of(userSays("one"), userSays("two")))),
                        newRun(Strategy.CONCURRENT, userSays("three")))
                .block(PATIENCE)
                .key();

        assertThat(branch.turn()).isEqualTo(4);
        assertThat(seen(branch)).containsExactly("q1", "a1", "one", "two", "three");
        REQUESTS.addMessage(branch.thread(), "four");
        assertThat(shown(branch.thread())).endsWith("three", "four");
    }

    @Test
    void onlyBehindARunThatHasEndedOneGoesOn() {
        RunKey active = chain(first, "q2");
        NewItem input = userSays("q3");

        assertProblem(
                admission.chain(chainOf(active), newRun(Strategy.CONCURRENT, input)),
                new Problem.RunNotFinal(active.id(), RunStatus.QUEUED));
        var unknown = new RunKey(thread, 1, RunId.fresh());
        assertProblem(
                admission.chain(chainOf(unknown), newRun(Strategy.CONCURRENT, input)),
                new Problem.RunNotFound(unknown.id()));
        var foreign = new RunKey(new ThreadKey(new TenantId("foreign"), thread.id()), 1, first.id());
        assertProblem(
                admission.chain(chainOf(foreign), newRun(Strategy.CONCURRENT, input)),
                new Problem.RunNotFound(first.id()));
        admission.deleteThread(thread).block(PATIENCE);
        assertProblem(
                admission.chain(chainOf(first), newRun(Strategy.CONCURRENT, input)),
                new Problem.RunNotFound(first.id()));
    }

    @Test
    void aRefusedRunInTheThreadMakesNoBranch() {
        RunKey active = chain(first, "q2");
        owner(thread).store(active, life("a2"));
        RunKey last = chain(active, "q3");

        assertProblem(admission.admit(thread, newRun(Strategy.REJECT)), new Problem.ThreadBusy(thread.id(), last.id()));
        RunKey branch = admission
                .chain(chainOf(active), newRun(Strategy.REJECT, userSays("beside")))
                .block(PATIENCE)
                .key();

        assertThat(branch.thread()).isNotEqualTo(thread);
    }

    @Test
    void whatIsHiddenInAnAncestorIsHiddenInItsBranches() {
        chain(first, "q2");
        RunKey branch = chain(first, "b2");
        ItemId question = all(branch.thread()).getFirst().id();

        assertProblem(admission.deleteItem(branch.thread(), question), new Problem.ItemNotFound(question));
        assertProblem(
                items.replaceMetadata(branch.thread(), question, Map.of("a", "b")), new Problem.ItemNotFound(question));
        assertThat(items.find(branch.thread(), question).block(PATIENCE).metadata())
                .isEmpty();
        admission.deleteItem(thread, question).block(PATIENCE);

        assertProblem(items.find(branch.thread(), question), new Problem.ItemNotFound(question));
        assertThat(shown(branch.thread())).containsExactly("a1", "b2");
        assertThat(seen(branch)).containsExactly("a1", "b2");
    }

    @Test
    void aBranchOutlivesTheDeletionOfItsAncestor() {
        RunKey stayed = settled(chain(first, "q2"), "a2");
        RunKey branch = settled(chain(first, "b2"), "c2");
        admission.deleteThread(thread).block(PATIENCE);

        assertThat(shown(branch.thread())).containsExactly("q1", "a1", "b2", "c2");
        RunKey next = chain(branch, "b3");
        assertThat(seen(next)).containsExactly("q1", "a1", "b2", "c2", "b3");
        assertProblem(runs.find(TenantId.DEFAULT, stayed.id()), new Problem.RunNotFound(stayed.id()));
        admission.deleteThread(branch.thread()).block(PATIENCE);
        assertProblem(
                items.all(branch.thread(), page()),
                new Problem.ThreadNotFound(branch.thread().id()));
    }

    @Test
    void aBranchListsItsOwnRunsAlone() {
        chain(first, "q2");
        RunKey branch = chain(first, "b2");

        assertThat(runs.list(branch.thread(), page()).block(PATIENCE).data())
                .extracting(StoredRun::key)
                .containsExactly(branch);
        assertThat(runs.active(branch.thread()).block(PATIENCE))
                .extracting(StoredRun::key)
                .containsExactly(branch);
    }

    @Test
    void aCopyOfABranchBeginsWithItsAncestors() {
        chain(first, "q2");
        RunKey branch = settled(chain(first, "b2"), "c2");

        ThreadKey copy = admission
                .fork(branch.thread(), newThread(List.of()))
                .block(PATIENCE)
                .key();

        assertThat(shown(copy)).containsExactly("q1", "a1", "b2", "c2");
    }

    private RunKey admit(String text) {
        return admission
                .admit(thread, newRun(Strategy.CONCURRENT, userSays(text)))
                .block(PATIENCE)
                .key();
    }

    private RunKey chain(RunKey parent, String text) {
        return admission
                .chain(chainOf(parent), newRun(Strategy.CONCURRENT, userSays(text)))
                .block(PATIENCE)
                .key();
    }

    private static Chain chainOf(RunKey parent) {
        return new Chain(parent, true, newThread(List.of()));
    }

    private RunKey settled(RunKey run, String text) {
        owner(run.thread()).store(run, life(text));
        return run;
    }

    private TestWriter owner(ThreadKey of) {
        return owners.computeIfAbsent(of, key -> new TestWriter(POSTGRES.log(), key, 0));
    }

    private List<String> shown(ThreadKey of) {
        return said(all(of));
    }

    private List<StoredItem> all(ThreadKey of) {
        return items.all(of, page()).block(PATIENCE).data();
    }

    /** By a run that starts now. */
    private List<String> seen(RunKey run) {
        return said(items.context(run, owner(run.thread()).head() + 1)
                .map(RunContext::items)
                .block(PATIENCE));
    }

    private static List<String> said(List<StoredItem> found) {
        return found.stream()
                .map(item -> ((Item.Message) item.item()).content().getFirst())
                .map(content -> ((Content.Text) content).text())
                .toList();
    }

    private static <I> PageRequest<I> page() {
        return new PageRequest<>(100, Order.ASCENDING, Optional.empty(), Optional.empty());
    }
}
