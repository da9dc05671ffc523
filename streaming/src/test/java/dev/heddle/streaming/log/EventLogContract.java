package dev.heddle.streaming.log;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What every {@link EventLog} promises. Each test has a thread of its own, so an implementation may keep its data. */
public abstract class EventLogContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final AppendOutcome STORED = new AppendOutcome.Stored();
    private static final AppendOutcome FENCED = new AppendOutcome.Fenced();

    /** The log under test: the same one in every call of a test. */
    protected abstract EventLog log();

    /** A thread without events and without an owner. */
    protected abstract ThreadKey newThread();

    /** A run that was admitted to this turn of the thread, and of which the log knows nothing. */
    protected abstract RunKey newRun(ThreadKey thread, long turn);

    /** Makes this the epoch of the thread's current owner. */
    protected abstract void claimed(ThreadKey thread, long epoch);

    /** A message that was added to this turn of the thread, and of which the log knows nothing. */
    protected ItemId newMessage(ThreadKey thread, long turn, Item.Message message) {
        return ItemId.fresh();
    }

    @Test
    void aThreadWithoutEventsIsEmptyToEveryReader() {
        ThreadKey thread = newThread();

        assertThat(head(thread)).isZero();
        assertThat(read(thread, 0, 10)).isEmpty();
        assertThat(readTurn(thread, 1, -1, 10)).isEmpty();
        assertThat(log().turnAfter(thread, 0).blockOptional(PATIENCE)).isEmpty();
    }

    @Test
    void whatWasAppendedIsReadAsItWas() {
        TestWriter writer = writer();
        ThreadKey thread = writer.thread();
        var question = Item.Message.of(Role.USER, "\"Grüße\"\n\t\\ 🧵 \u2028 {}");

        writer.store(0, ownerChanged());
        writer.store(1, new ThreadEvent.ItemAdded(newMessage(thread, 1, question), question));
        storeEveryKindOfRunEvent(writer, thread);

        assertThat(read(thread, 0, 1000)).isEqualTo(writer.stored());
    }

    @Test
    void aLongTextIsReadAsItWas() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        var item = ItemId.fresh();

        writer.store(run, admitted(), started(), opened(item), said(item, "Wort ".repeat(50_000)));

        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
    }

    @Test
    void aThreadIsReadPageByPage() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        writer.store(run, life("a", "b", "c", "d"));
        List<LoggedEvent> all = writer.stored();

        assertThat(read(run.thread(), 0, 4)).isEqualTo(all.subList(0, 4));
        assertThat(read(run.thread(), 4, 4)).isEqualTo(all.subList(4, 8));
        assertThat(read(run.thread(), 8, 4)).isEqualTo(all.subList(8, all.size()));
        assertThat(read(run.thread(), all.size(), 4)).isEmpty();
        assertThat(read(run.thread(), all.size() + 5, 4)).isEmpty();
    }

    @Test
    void aPageMayBeginInTheMiddleOfAnAppendAndSpanSeveral() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        var item = ItemId.fresh();
        writer.store(run, admitted(), started());
        writer.store(run, opened(item), said(item, "a"), said(item, "b"));
        writer.store(run, closed(item, "ab"), completed());

        assertThat(read(run.thread(), 1, 5)).isEqualTo(writer.stored().subList(1, 6));
        assertThat(readTurn(run.thread(), 1, 0, 5)).isEqualTo(writer.stored().subList(1, 6));
    }

    @Test
    void aLimitMayBeLargerThanAnyLog() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        writer.store(run, life("a"));

        assertThat(read(run.thread(), 2, Integer.MAX_VALUE))
                .isEqualTo(writer.stored().subList(2, writer.stored().size()));
        assertThat(readTurn(run.thread(), 1, 1, Integer.MAX_VALUE))
                .isEqualTo(writer.stored().subList(2, writer.stored().size()));
    }

    @Test
    void aTurnIsReadByTheNumbersOfItsRun() {
        TestWriter writer = writer();
        RunKey first = newRun(writer.thread(), 1);
        RunKey second = newRun(writer.thread(), 2);
        storeInterleaved(writer, first, second);

        List<LoggedEvent> wanted = writer.stored(second);
        assertThat(readTurn(first.thread(), 2, -1, 100)).isEqualTo(wanted);
        assertThat(readTurn(first.thread(), 2, 1, 2)).isEqualTo(wanted.subList(2, 4));
        assertThat(readTurn(first.thread(), 2, wanted.size() - 1, 2)).isEmpty();
        assertThat(readTurn(first.thread(), 3, -1, 100)).isEmpty();
    }

    @Test
    void aMessageTurnHoldsItsSingleEvent() {
        TestWriter writer = writer();
        ThreadKey thread = writer.thread();
        var message = Item.Message.of(Role.USER, "Hallo");
        writer.store(1, new ThreadEvent.ItemAdded(newMessage(thread, 1, message), message));

        assertThat(readTurn(thread, 1, -1, 10)).isEqualTo(writer.stored());
        assertThat(readTurn(thread, 1, 0, 10)).isEmpty();
    }

    @Test
    void theTurnAfterIsTheNextOneThatHasEvents() {
        TestWriter writer = writer();
        ThreadKey thread = writer.thread();
        writer.store(0, ownerChanged());
        writer.store(newRun(thread, 5), admitted());
        writer.store(newRun(thread, 2), admitted());

        assertThat(log().turnAfter(thread, 0).block(PATIENCE)).isEqualTo(2);
        assertThat(log().turnAfter(thread, 2).block(PATIENCE)).isEqualTo(5);
        assertThat(log().turnAfter(thread, 3).block(PATIENCE)).isEqualTo(5);
        assertThat(log().turnAfter(thread, 5).blockOptional(PATIENCE)).isEmpty();
    }

    @Test
    void theHeadIsTheNumberOfTheNewestEvent() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);

        writer.store(run, admitted());
        assertThat(head(run.thread())).isEqualTo(1);
        writer.store(run, started(), new RunEvent.ModelCallStarted(0));
        assertThat(head(run.thread())).isEqualTo(3);
    }

    @Test
    void nothingIsStoredBeforeSubscription() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);

        Mono<AppendOutcome> outcome = log().append(writer.next(run, admitted()));

        assertThat(head(run.thread())).isZero();
        assertThat(outcome.block(PATIENCE)).isEqualTo(STORED);
        assertThat(head(run.thread())).isEqualTo(1);
    }

    @Test
    void theSameBatchSentTwiceIsStoredOnce() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        Append batch = writer.next(run, admitted(), started());

        assertThat(writer.send(batch)).isEqualTo(STORED);
        assertThat(log().append(batch).block(PATIENCE)).isEqualTo(STORED);

        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
    }

    @Test
    void aBatchSentAgainAfterLaterOnesIsStillStoredOnce() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        Append batch = writer.next(run, admitted(), started());
        writer.send(batch);
        writer.store(run, new RunEvent.ModelCallStarted(0));

        assertThat(log().append(batch).block(PATIENCE)).isEqualTo(STORED);

        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
    }

    @Test
    void anAppendThatCollidesIsToldTheHeadAndLeavesNoTrace() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        Append late = writer.next(newRun(run.thread(), 2), admitted());
        writer.store(run, admitted(), started());

        assertThat(log().append(late).block(PATIENCE)).isEqualTo(new AppendOutcome.Moved(2));

        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
        assertThat(readTurn(run.thread(), 2, -1, 10)).isEmpty();
    }

    @Test
    void anAppendThatWouldLeaveAHoleIsToldTheHeadAndLeavesNoTrace() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        writer.store(run, admitted());
        TestWriter ahead = new TestWriter(log(), run.thread(), 1, 5);

        AppendOutcome outcome = ahead.send(ahead.next(newRun(run.thread(), 2), admitted()));

        assertThat(outcome).isEqualTo(new AppendOutcome.Moved(1));
        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
    }

    @Test
    void whatHadMovedIsStoredBehindTheHead() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        RunKey other = newRun(run.thread(), 2);
        Append late = writer.next(other, admitted(), started());
        writer.store(run, admitted());

        assertThat(log().append(late).block(PATIENCE)).isEqualTo(new AppendOutcome.Moved(1));
        writer.store(other, admitted(), started());

        assertThat(read(run.thread(), 0, 10)).isEqualTo(writer.stored());
    }

    @Test
    void aFormerOwnerIsFencedOnceTheThreadHasANewOne() {
        TestWriter former = writer();
        RunKey run = newRun(former.thread(), 1);
        Append late = former.next(newRun(run.thread(), 2), admitted());
        former.store(run, admitted());

        claimed(run.thread(), 2);

        assertThat(log().append(late).block(PATIENCE)).isEqualTo(FENCED);
        assertThat(read(run.thread(), 0, 10)).isEqualTo(former.stored());
    }

    @Test
    void aFormerOwnersAppendWhoseFirstEventCollidesLeavesNoTraceOfTheRest() {
        TestWriter former = writer();
        ThreadKey thread = former.thread();
        RunKey run = newRun(thread, 1);
        RunKey other = newRun(thread, 2);
        former.store(run, admitted());
        Append late = TestWriter.together(former.next(run, started()), former.next(other, admitted(), started()));

        claimed(thread, 2);
        TestWriter owner = new TestWriter(log(), thread, 2, former.head());
        owner.store(0, new ThreadEvent.OwnerChanged(NodeId.fresh(), 2));

        assertThat(late.events()).hasSize(3);
        assertThat(log().append(late).block(PATIENCE)).isEqualTo(FENCED);
        assertThat(head(thread)).isEqualTo(2);
        assertThat(read(thread, 0, 10)).isEqualTo(concat(former.stored(), owner.stored()));
        assertThat(readTurn(thread, 1, -1, 10)).isEqualTo(former.stored());
        assertThat(readTurn(thread, 2, -1, 10)).isEmpty();
    }

    @Test
    void anOwnersBatchStoredBeforeATakeoverIsStillStoredWhenSentAgain() {
        TestWriter former = writer();
        RunKey run = newRun(former.thread(), 1);
        Append batch = former.next(run, admitted());
        former.send(batch);
        claimed(run.thread(), 2);

        assertThat(log().append(batch).block(PATIENCE)).isEqualTo(STORED);
        assertThat(read(run.thread(), 0, 10)).isEqualTo(former.stored());
    }

    @Test
    void ofTwoAppendsForTheSamePlaceOneIsStored() {
        for (int i = 0; i < 20; i++) {
            TestWriter writer = writer();
            ThreadKey thread = writer.thread();
            Append one = writer.next(newRun(thread, 1), admitted());
            Append other = writer.next(newRun(thread, 2), admitted());

            List<AppendOutcome> outcomes = Flux.just(one, other)
                    .flatMap(append -> log().append(append).subscribeOn(Schedulers.boundedElastic()))
                    .collectList()
                    .block(PATIENCE);

            assertThat(outcomes).containsExactlyInAnyOrder(STORED, new AppendOutcome.Moved(1));
            assertThat(read(thread, 0, 10)).hasSize(1);
        }
    }

    @Test
    void aStoredAppendIsSeenByEveryReadThatBeginsAfterwards() {
        TestWriter writer = writer();
        RunKey run = newRun(writer.thread(), 1);
        var item = ItemId.fresh();
        writer.store(run, admitted(), started(), opened(item));

        for (int i = 0; i < 50; i++) {
            Append append = writer.next(run, said(item, "piece " + i));
            List<LoggedEvent> seen = log().append(append)
                    .then(Mono.defer(() -> log().readThread(run.thread(), append.firstSeq() - 1, 10)))
                    .block(PATIENCE);
            assertThat(seen).isEqualTo(append.events());
            assertThat(writer.send(append)).isEqualTo(STORED);
        }
        assertThat(readTurn(run.thread(), 1, -1, 100)).isEqualTo(writer.stored());
    }

    @Test
    void threadsKnowNothingOfEachOther() {
        TestWriter one = writer();
        TestWriter other = writer();
        RunKey run = newRun(one.thread(), 1);
        RunKey stranger = newRun(other.thread(), 1);

        one.store(run, life("one"));
        other.store(stranger, admitted());

        assertThat(read(run.thread(), 0, 100)).isEqualTo(one.stored());
        assertThat(read(stranger.thread(), 0, 100)).isEqualTo(other.stored());
        assertThat(readTurn(stranger.thread(), 1, -1, 100)).isEqualTo(other.stored());
        assertThat(head(stranger.thread())).isEqualTo(1);
    }

    private TestWriter writer() {
        ThreadKey thread = newThread();
        claimed(thread, 1);
        return new TestWriter(log(), thread, 1);
    }

    private static ThreadEvent.OwnerChanged ownerChanged() {
        return new ThreadEvent.OwnerChanged(NodeId.fresh(), 1);
    }

    private void storeEveryKindOfRunEvent(TestWriter writer, ThreadKey thread) {
        var item = ItemId.fresh();
        var second = ItemId.fresh();
        writer.store(newRun(thread, 2), life("Guten ", "Tag ", "\u0001\uFFFF"));
        writer.store(newRun(thread, 3), admitted(), started(), new RunEvent.ModelCallStarted(0), opened(item));
        writer.store(
                newRun(thread, 4),
                admitted(),
                started(),
                opened(second),
                closed(0, second, ItemStatus.CONTENT_FILTER, ""),
                new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, new Usage(Long.MAX_VALUE / 2, 0)));
        writer.store(
                newRun(thread, 5),
                admitted(),
                new RunEvent.Failed(new RunFailure(RunFailure.Code.RATE_LIMIT_EXCEEDED, "'später'"), Usage.NONE));
        writer.store(
                newRun(thread, 6),
                admitted(),
                new RunEvent.StopRequested(StopCause.LATER_RUN),
                new RunEvent.Cancelled(StopCause.LATER_RUN, Usage.NONE));
        writer.store(
                newRun(thread, 7),
                admitted(),
                started(),
                new RunEvent.StopRequested(StopCause.EXPIRY),
                new RunEvent.Expired(Usage.NONE));
    }

    private static void storeInterleaved(TestWriter writer, RunKey first, RunKey second) {
        RunEvent[] ofFirst = life("a", "b");
        RunEvent[] ofSecond = life("c", "d");
        for (int i = 0; i < ofFirst.length; i++) {
            writer.store(first, ofFirst[i]);
            writer.store(second, ofSecond[i]);
        }
    }

    private static List<LoggedEvent> concat(List<LoggedEvent> first, List<LoggedEvent> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private List<LoggedEvent> read(ThreadKey thread, long after, int limit) {
        return log().readThread(thread, after, limit).block(PATIENCE);
    }

    private List<LoggedEvent> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return log().readTurn(thread, turn, after, limit).block(PATIENCE);
    }

    private long head(ThreadKey thread) {
        return log().head(thread).block(PATIENCE);
    }
}
