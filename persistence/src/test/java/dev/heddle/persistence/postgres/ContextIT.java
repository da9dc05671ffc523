package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a run sees: ordering.md §3, as cases and against a reference. Items are named by their position. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextIT {
    private StoredRows rows;
    private PostgresItems items;
    private ThreadKey thread;

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        items = rows.items();
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @BeforeEach
    void newThread() {
        thread = rows.thread(TenantId.DEFAULT);
    }

    @Test
    void theFirstRunSeesTheMessagesItAdopted() {
        rows.message(thread, 1, Optional.empty());
        rows.message(thread, 2, Optional.empty());
        var run = adopting(3, 0, 1, 2);

        assertThat(seen(run, 10)).containsExactly("1.0", "2.0");
    }

    @Test
    void inputsStandAfterAdoptedMessagesAndInRequestOrder() {
        rows.message(thread, 1, Optional.empty());
        var run = adopting(2, 2, 1);
        rows.input(run, 1);
        rows.input(run, 0);

        assertThat(seen(run, 10)).containsExactly("1.0", "2.0", "2.1");
    }

    @Test
    void itsOwnEarlierOutputsAreSeen() {
        var run = adopting(1, 1);
        rows.input(run, 0);
        rows.output(run, 1);

        assertThat(seen(run, 10)).containsExactly("1.0", "1.1");
    }

    @Test
    void whatCameAfterItsTurnIsNotSeen() {
        rows.message(thread, 1, Optional.empty());
        var run = adopting(2, 0, 1);
        rows.message(thread, 3, Optional.empty());
        var later = adopting(4, 0, 3);
        rows.output(later, 0);
        rows.end(later, RunStatus.COMPLETED, 5);

        assertThat(seen(run, 10)).containsExactly("1.0");
    }

    @Test
    void aRunThatEndedBeforeTheStartIsSeenWhole() {
        rows.message(thread, 1, Optional.empty());
        var settled = adopting(2, 1, 1);
        rows.input(settled, 0);
        rows.output(settled, 1);
        rows.end(settled, RunStatus.CANCELLED, 9);
        rows.message(thread, 3, Optional.empty());
        var run = adopting(4, 0, 3);

        assertThat(seen(run, 10)).containsExactly("1.0", "2.0", "2.1", "3.0");
    }

    @Test
    void anActiveRunIsSkippedWholeQuestionAndAnswer() {
        rows.message(thread, 1, Optional.empty());
        var active = adopting(2, 1, 1);
        rows.input(active, 0);
        rows.output(active, 1);
        rows.message(thread, 3, Optional.empty());
        var run = adopting(4, 0, 3);

        assertThat(seen(run, 10)).containsExactly("3.0");
    }

    @Test
    void aRunThatEndedAfterTheStartStaysHiddenThoughItHasEnded() {
        rows.message(thread, 1, Optional.empty());
        var late = adopting(2, 0, 1);
        rows.output(late, 0);
        rows.end(late, RunStatus.COMPLETED, 11);
        rows.message(thread, 3, Optional.empty());
        var run = adopting(4, 0, 3);

        assertThat(seen(run, 10)).containsExactly("3.0");
        assertThat(seen(run, 12)).containsExactly("1.0", "2.0", "3.0");
    }

    @Test
    void aSecondAssistantSeesTheMessagesThatTheFirstIsAnswering() {
        rows.message(thread, 1, Optional.empty());
        var first = adopting(2, 1, 1);
        rows.input(first, 0);
        rows.output(first, 1);
        var second = adopting(3, 0);

        assertThat(seen(second, 10)).containsExactly("1.0");
    }

    @Test
    void aRunWithAnInputOfItsOwnDoesNotAnswerTheQuestionsOfOthers() {
        rows.message(thread, 1, Optional.empty());
        adopting(2, 0, 1);
        var second = adopting(3, 1);
        rows.input(second, 0);

        assertThat(seen(second, 10)).containsExactly("3.0");
    }

    @Test
    void aMessageThatNobodyAdoptedIsSettled() {
        rows.message(thread, 1, Optional.empty());
        var run = adopting(2, 1);
        rows.input(run, 0);

        assertThat(seen(run, 10)).containsExactly("1.0", "2.0");
    }

    @Test
    void anotherThreadsItemsAreNotSeen() {
        var other = rows.thread(TenantId.DEFAULT);
        rows.message(other, 1, Optional.empty());
        rows.message(thread, 1, Optional.empty());
        var run = adopting(2, 0, 1);

        assertThat(seen(run, 10)).containsExactly("1.0");
    }

    @RepeatedTest(100)
    void randomHistoriesAreSeenAsTheReferenceSaysThem() {
        long seed = RandomGenerator.getDefault().nextLong();
        var history = RandomHistory.of(seed);
        history.store(rows, thread);

        for (var run : history.startedRuns()) {
            assertThat(seen(run.key(), run.startedSeq()))
                    .as(
                            "run of turn %d in the history of seed %d: %s",
                            run.key().turn(), seed, history)
                    .isEqualTo(history.seenBy(run));
        }
    }

    private RunKey adopting(long turn, int inputs, long... messages) {
        var run = rows.run(thread, turn, inputs);
        for (long message : messages) {
            rows.adopt(thread, message, run.id());
        }
        return run;
    }

    private List<String> seen(RunKey run, long startedSeq) {
        return items.context(run, startedSeq)
                .map(RunContext::items)
                .flatMapIterable(found -> found)
                .map(ContextIT::name)
                .collectList()
                .block();
    }

    private static String name(StoredItem item) {
        return item.position().turn() + "." + item.position().index();
    }
}
