package dev.heddle.streaming.log;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a cache keeps, and when it asks the log behind it. That readers see no difference, the contract shows. */
class TailCacheTests {
    private static final int MANY = 1_000_000;

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final ItemId item = ItemId.fresh();

    @Test
    void aReaderThatKeepsUpNeverAsksTheLog() {
        var cache = new TailCache(new AppendsOnly(log), MANY, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        for (int i = 0; i < 100; i++) {
            writer.store(run, said(item, "piece " + i));
            assertThat(cache.readThread(run.thread(), i, 10).block())
                    .containsExactly(writer.stored().getLast());
            assertThat(cache.readTurn(run.thread(), 1, i - 1L, 10).block())
                    .containsExactly(writer.stored().getLast());
            assertThat(cache.readTurn(run.thread(), 1, i, 10).block()).isEmpty();
            assertThat(cache.head(run.thread()).block()).isEqualTo(i + 1L);
        }
    }

    @Test
    void aLogThatBeginsHereIsReadFromItsBeginningWithoutAsking() {
        var cache = new TailCache(new AppendsOnly(log), MANY, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        cache.begin(run.thread().id());

        assertThat(cache.readThread(run.thread(), 0, 10).block()).isEmpty();
        assertThat(cache.readTurn(run.thread(), 1, -1, 10).block()).isEmpty();
        writer.store(run, admitted());
        assertThat(cache.readTurn(run.thread(), 1, -1, 10).block()).isEqualTo(writer.stored());
        assertThat(cache.readTurn(run.thread(), 2, -1, 10).block()).isEmpty();
        assertThat(cache.readThread(run.thread(), 0, 10).block()).isEqualTo(writer.stored());
    }

    @Test
    void aLogThatBeganHereIsAskedForOnceItIsNoLongerWhole() {
        var cache = new TailCache(log, 1_000, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        cache.begin(run.thread().id());

        writer.store(run, admitted(), started(), opened(item), said(item, "x".repeat(100_000)));

        assertThat(cache.readTurn(run.thread(), 1, -1, 10).block()).isEqualTo(writer.stored());
        assertThat(cache.readThread(run.thread(), 0, 10).block()).isEqualTo(writer.stored());
    }

    @Test
    void aTurnThatHasNotBegunIsNotAskedForWhileTheWholeLogIsHere() {
        var cache = new TailCache(new AppendsOnly(log), MANY, MANY);
        TestWriter writer = writer(cache);
        writer.store(run(writer, 1), admitted());

        assertThat(cache.readTurn(writer.thread(), 2, -1, 10).block()).isEmpty();
    }

    @Test
    void oneThreadHoldsNoMoreThanItsShare() {
        var cache = new TailCache(log, 10_000, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        for (int i = 0; i < 1000; i++) {
            writer.store(run, said(item, "piece " + i));
            assertThat(cache.heldBytes()).isBetween(1L, 10_000L);
        }
        assertThat(cache.readThread(run.thread(), 0, 2000).block()).isEqualTo(writer.stored());
    }

    @Test
    void aSingleEventThatIsTooLargeIsNotKept() {
        var cache = new TailCache(log, 10_000, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        writer.store(run, admitted(), started(), opened(item), said(item, "x".repeat(100_000)));

        assertThat(cache.heldBytes()).isZero();
        assertThat(cache.head(run.thread()).block()).isEqualTo(4);
        assertThat(cache.readThread(run.thread(), 3, 10).block()).hasSize(1);
    }

    @Test
    void allThreadsTogetherHoldNoMoreThanTheBoundAndTheOneUnusedLongestGoesFirst() {
        var cache = new TailCache(log, MANY, 10_000);
        List<TestWriter> writers = Stream.generate(() -> writer(cache)).limit(3).toList();
        writers.forEach(writer -> writer.store(run(writer, 1), said(item, "x".repeat(1500))));
        writers.getFirst().store(run(writers.getFirst(), 2), admitted());

        TestWriter fourth = writer(cache);
        fourth.store(run(fourth, 1), said(item, "x".repeat(1500)));

        assertThat(cache.heldBytes()).isLessThanOrEqualTo(10_000);
        assertThat(keeps(cache, writers.get(0))).isTrue();
        assertThat(keeps(cache, writers.get(1))).isFalse();
        assertThat(keeps(cache, writers.get(2))).isTrue();
        assertThat(keeps(cache, fourth)).isTrue();
    }

    @Test
    void aThreadThatIsForgottenFreesWhatItHeld() {
        var cache = new TailCache(log, MANY, MANY);
        TestWriter writer = writer(cache);
        TestWriter other = writer(cache);
        other.store(run(other, 1), said(item, "stays"));
        long held = cache.heldBytes();
        writer.store(run(writer, 1), said(item, "goes"));

        cache.forget(writer.thread().id());
        cache.forget(writer.thread().id());

        assertThat(cache.heldBytes()).isEqualTo(held);
        assertThat(cache.head(writer.thread()).block()).isEqualTo(1);
    }

    @Test
    void whatOthersHaveAppendedInBetweenIsReadFromTheLog() {
        var cache = new TailCache(log, MANY, MANY);
        TestWriter writer = writer(cache);
        RunKey run = run(writer, 1);
        writer.store(run, admitted());
        var other = new TestWriter(log, writer.thread(), 1, 1);
        other.store(run(writer, 2), admitted(), started());
        var again = new TestWriter(cache, writer.thread(), 1, 3);
        again.store(run(writer, 3), admitted());

        assertThat(cache.readThread(writer.thread(), 0, 10).block())
                .extracting(LoggedEvent::seq)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void anAppendThatWasNotStoredIsNeverShown() {
        var cache = new TailCache(log, MANY, MANY);
        TestWriter writer = writer(cache);
        Append late = writer.next(run(writer, 2), admitted());
        writer.store(run(writer, 1), admitted());

        assertThat(cache.append(late).block()).isEqualTo(new AppendOutcome.Moved(1));

        assertThat(cache.readThread(writer.thread(), 0, 10).block()).isEqualTo(writer.stored());
    }

    /** Whether the thread's newest event is here: then the cache shows it even when the log has lost it. */
    private boolean keeps(TailCache cache, TestWriter writer) {
        log.forget(writer.thread(), writer.head());
        return !cache.readThread(writer.thread(), writer.head() - 1, 1).block().isEmpty();
    }

    private TestWriter writer(EventLog to) {
        return new TestWriter(to, new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()), 1);
    }

    private static RunKey run(TestWriter writer, long turn) {
        return new RunKey(writer.thread(), turn, RunId.fresh());
    }

    /** A log that nobody may read. */
    private static final class AppendsOnly implements EventLog {
        private final EventLog log;

        AppendsOnly(EventLog log) {
            this.log = log;
        }

        @Override
        public Mono<AppendOutcome> append(Append append) {
            return log.append(append);
        }

        @Override
        public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
            return refused();
        }

        @Override
        public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
            return refused();
        }

        @Override
        public Mono<Long> turnAfter(ThreadKey thread, long turn) {
            return refused();
        }

        @Override
        public Mono<Long> head(ThreadKey thread) {
            return refused();
        }

        private static <T> Mono<T> refused() {
            return Mono.error(new AssertionError("The log was read"));
        }
    }
}
