package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class GroupCommitTests {
    private static final Duration WINDOW = Duration.ofMillis(5);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Commit> commits = new ArrayList<>();
    private final GroupCommit groups = new GroupCommit(this::commit, time, WINDOW, 2, 3);
    private final List<String> told = new ArrayList<>();

    /** A group on its way; the test ends it. */
    private record Commit(List<Append> group, Sinks.One<List<AppendOutcome>> end) {
        /** Each append is answered with its own first number, so that a mix-up would show. */
        void ends() {
            end.tryEmitValue(group.stream()
                    .<AppendOutcome>map(append -> new AppendOutcome.Moved(append.firstSeq()))
                    .toList());
        }
    }

    @AfterEach
    void stop() {
        time.dispose();
    }

    @Test
    void anAppendAfterARestIsCommittedAtOnce() {
        submit(append(1));

        assertThat(groups()).containsExactly(List.of(1L));
    }

    @Test
    void appendsOfOneWindowAreOneCommit() {
        submit(append(1));
        submit(append(2));
        time.advanceTimeBy(Duration.ofMillis(4));
        submit(append(3));
        assertThat(groups()).containsExactly(List.of(1L));

        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L, 3L));
    }

    @Test
    void theWindowIsAsLongAsTheLastCommitTook() {
        submit(append(1));
        time.advanceTimeBy(Duration.ofMillis(20));
        commits.getFirst().ends();
        submit(append(2));
        submit(append(3));

        time.advanceTimeBy(Duration.ofMillis(19));
        assertThat(groups()).containsExactly(List.of(1L), List.of(2L));
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L), List.of(3L));
    }

    @Test
    void noWindowIsLongerThanTheLongest() {
        submit(append(1));
        time.advanceTimeBy(Duration.ofSeconds(20));
        commits.getFirst().ends();
        submit(append(2));
        submit(append(3));

        time.advanceTimeBy(Duration.ofMillis(50));

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L), List.of(3L));
    }

    @Test
    void whatIsAppendedInAnswerGoesTogether() {
        groups.submit(append(1)).subscribe(_ -> {
            submit(append(2));
            submit(append(3));
        });
        time.advanceTimeBy(WINDOW);

        commits.getFirst().ends();

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L, 3L));
    }

    @Test
    void anAppendAfterTheWindowIsAnotherCommit() {
        submit(append(1));
        time.advanceTimeBy(WINDOW);
        submit(append(2));
        time.advanceTimeBy(WINDOW);

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L));
    }

    @Test
    void nothingIsCommittedBeforeSubscription() {
        Mono<AppendOutcome> outcome = groups.submit(append(1));
        time.advanceTimeBy(WINDOW);
        assertThat(commits).isEmpty();

        outcome.subscribe();
        time.advanceTimeBy(WINDOW);

        assertThat(groups()).containsExactly(List.of(1L));
    }

    @Test
    void whileAsManyCommitsAsAllowedAreOnTheirWayAppendsGather() {
        submitInWindows(1, 2);

        submitInWindows(3, 4, 5);

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L));
        commits.getFirst().ends();
        assertThat(groups()).containsExactly(List.of(1L), List.of(2L), List.of(3L, 4L, 5L));
    }

    @Test
    void aGroupIsNoLargerThanAllowedAndTheRestFollowsIt() {
        LongStream.rangeClosed(1, 8).forEach(seq -> submit(append(seq)));
        commits.getFirst().ends();

        time.advanceTimeBy(WINDOW);
        assertThat(groups()).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
        time.advanceTimeBy(WINDOW);
        commits.get(1).ends();
        time.advanceTimeBy(WINDOW);

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L, 3L, 4L), List.of(5L, 6L, 7L), List.of(8L));
    }

    @Test
    void ofOneThreadThereIsOneAppendInAGroup() {
        ThreadKey thread = thread();
        submit(append(1));
        submit(append(thread, 2));
        submit(append(thread, 3));
        submit(append(4));

        time.advanceTimeBy(WINDOW);
        commits.getFirst().ends();
        time.advanceTimeBy(WINDOW);

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L, 4L), List.of(3L));
    }

    @Test
    void everyAppendIsToldItsOwnOutcome() {
        submitInWindows(1, 2);
        submit(append(3));
        submit(append(4));

        commits.get(1).ends();
        commits.get(0).ends();
        commits.get(2).ends();

        assertThat(told)
                .containsExactly("2: Moved[head=2]", "1: Moved[head=1]", "3: Moved[head=3]", "4: Moved[head=4]");
    }

    @Test
    void anAppendWhoseCallerGoesAwayIsCommittedAllTheSame() {
        groups.submit(append(1)).subscribe().dispose();
        submit(append(2));

        time.advanceTimeBy(WINDOW);
        commits.get(1).ends();

        assertThat(groups()).containsExactly(List.of(1L), List.of(2L));
        assertThat(told).containsExactly("2: Moved[head=2]");
    }

    @Test
    void aCommitThatFailsFailsItsOwnAppendsAndMakesRoom() {
        submitInWindows(1, 2);
        submit(append(3));

        commits.getFirst().end().tryEmitError(new IllegalStateException("no such table"));
        commits.get(1).ends();
        commits.get(2).ends();

        assertThat(told).containsExactly("1: no such table", "2: Moved[head=2]", "3: Moved[head=3]");
    }

    private void submitInWindows(long... seqs) {
        for (long seq : seqs) {
            submit(append(seq));
            time.advanceTimeBy(WINDOW);
        }
    }

    private void submit(Append append) {
        groups.submit(append)
                .subscribe(
                        outcome -> told.add(append.firstSeq() + ": " + outcome),
                        error -> told.add(append.firstSeq() + ": " + error.getMessage()));
    }

    private Mono<List<AppendOutcome>> commit(List<Append> group) {
        var commit = new Commit(group, Sinks.one());
        commits.add(commit);
        return commit.end().asMono();
    }

    /** The groups by the first numbers of their appends. */
    private Stream<List<Long>> groups() {
        return commits.stream()
                .map(commit -> commit.group().stream().map(Append::firstSeq).toList());
    }

    private static Append append(long seq) {
        return append(thread(), seq);
    }

    private static Append append(ThreadKey thread, long seq) {
        var event = new LoggedEvent(seq, 0, Instant.EPOCH, new ThreadEvent.OwnerChanged(NodeId.fresh(), 1));
        return new Append(thread, 1, UUID.randomUUID(), List.of(event), List.of());
    }

    private static ThreadKey thread() {
        return new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
    }
}
