package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is read for a run that is shown only the newest messages: the end of what it sees. Items are named by position. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewestContextIT {
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
    void turnsAreShownWholeAndTheRunsOwnOutputsDoNotCount() {
        settled(1, 2);
        settled(2, 1);
        var run = rows.run(thread, 3, 1);
        rows.input(run, 0);
        rows.output(run, 1);

        assertThat(newest(run, 1)).containsExactly("3.0", "3.1");
        assertThat(newest(run, 2)).containsExactly("2.0", "3.0", "3.1");
        assertThat(newest(run, 3)).containsExactly("1.0", "1.1", "2.0", "3.0", "3.1");
    }

    @Test
    void aRunThatBringsNothingCountsFromTheTurnBeforeIt() {
        settled(1, 1);
        settled(2, 1);
        var run = rows.run(thread, 3, 0);
        rows.output(run, 0);

        assertThat(newest(run, 1)).containsExactly("2.0", "3.0");
    }

    @Test
    void whatSaysNothingIsReadAndNotCounted() {
        settled(1, 1);
        settled(2, 1);
        settled(3, 1);
        var run = rows.run(thread, 4, 0);
        saysNothing(2, "item = jsonb_set(item, '{content}', '[]')");
        saysNothing(3, "kind = 'function_call_output'");

        assertThat(newest(run, 1)).containsExactly("1.0", "2.0", "3.0");
        saysNothing(3, "kind = 'function_call', status = 'run_cancelled'");
        assertThat(newest(run, 1)).containsExactly("1.0", "2.0", "3.0");
        saysNothing(3, "kind = 'function_call', status = 'completed'");
        assertThat(newest(run, 1)).containsExactly("3.0");
    }

    @Test
    void whatIsHiddenIsNotCounted() {
        settled(1, 1);
        rows.message(thread, 2, Optional.empty());
        var active = rows.run(thread, 3, 1);
        rows.adopt(thread, 2, active.id());
        rows.input(active, 0);
        settled(4, 1);
        withdraw("number = 4");
        var run = rows.run(thread, 5, 1);
        rows.input(run, 0);

        assertThat(newest(run, 2)).containsExactly("1.0", "5.0");
    }

    @Test
    void aThreadWithFewerMessagesIsReadWhole() {
        settled(1, 1);
        var run = rows.run(thread, 2, 1);
        rows.input(run, 0);

        assertThat(newest(run, 100)).containsExactly("1.0", "2.0");
    }

    @RepeatedTest(40)
    void ofRandomHistoriesTheEndIsReadAsTheWholeTells() {
        var random = RandomGenerator.getDefault();
        var history = RandomHistory.of(random.nextLong());
        history.store(rows, thread);
        withdraw("number % 5 = " + random.nextInt(10));
        saysNothing(random.nextInt(10), "item = jsonb_set(item, '{content}', '[]')");

        for (var run : history.startedRuns()) {
            assertEndsOf(run.key(), run.startedSeq());
            assertEndsOf(behind(run), 1);
        }
    }

    /** In a branch: behind a message that nobody adopted, one that a run is answering and one of its own. */
    private RunKey behind(RandomHistory.StartedRun parent) {
        var branch = rows.branch(parent.key(), parent.startedSeq());
        long turn = parent.key().turn();
        rows.message(branch, turn + 1, Optional.empty());
        rows.message(branch, turn + 2, Optional.empty());
        var active = rows.run(branch, turn + 3, 0);
        rows.adopt(branch, turn + 2, active.id());
        rows.output(active, 0);
        var run = rows.run(branch, turn + 4, 1);
        rows.input(run, 0);
        return run;
    }

    private void assertEndsOf(RunKey run, long startedSeq) {
        List<StoredItem> whole = context(run, startedSeq);
        for (int count = 1; count <= 6; count++) {
            rows.limit(run, count);
            assertThat(context(run, startedSeq))
                    .as("the newest %d of %s for the run of turn %d", count, names(whole), run.turn())
                    .isEqualTo(end(whole, run, count));
        }
    }

    /** From the turn on with which {@code count} of them say something to the run. */
    private static List<StoredItem> end(List<StoredItem> whole, RunKey run, int count) {
        var turns = whole.stream()
                .filter(item -> !item.isOutputOf(run.id()) && saysSomething(item.item()))
                .map(item -> item.position().turn())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .limit(count)
                .toList();
        long from = turns.isEmpty() ? 0 : turns.getLast();
        return whole.stream().filter(item -> item.position().turn() >= from).toList();
    }

    private static boolean saysSomething(Item item) {
        return item instanceof Item.Message message && !message.content().isEmpty();
    }

    private List<String> newest(RunKey run, int count) {
        rows.limit(run, count);
        return names(context(run, 1_000));
    }

    private List<StoredItem> context(RunKey run, long startedSeq) {
        return items.context(run, startedSeq).block().items();
    }

    private static List<String> names(List<StoredItem> items) {
        return items.stream()
                .map(item -> item.position().turn() + "." + item.position().index())
                .toList();
    }

    /** A run that has ended, with so many outputs. */
    private void settled(long turn, int outputs) {
        var run = rows.run(thread, turn, 0);
        for (int index = 0; index < outputs; index++) {
            rows.output(run, index);
        }
        rows.end(run, RunStatus.COMPLETED, turn);
    }

    private void withdraw(String which) {
        rows.change(
                "update turns set withdrawn = true where thread_id = $1 and " + which,
                thread.id().value());
    }

    private void saysNothing(long turn, String change) {
        rows.change(
                "update items set " + change + " where thread_id = $1 and turn = $2",
                thread.id().value(),
                turn);
    }
}
