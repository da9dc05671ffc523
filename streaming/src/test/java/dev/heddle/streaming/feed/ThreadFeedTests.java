package dev.heddle.streaming.feed;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ThreadFeedTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final FeedRig rig = new FeedRig();

    @Test
    void inArrivalOrderAReaderSeesTheLogItself() {
        var seen = new ArrayList<Followed>();
        rig.threads.inArrivalOrder(rig.thread, 0).subscribe(seen::add);

        writeTwoRunsAndAMessage();

        assertThat(seen).isEqualTo(rig.writer.stored());
        assertThat(now(rig.threads.inArrivalOrder(rig.thread, 0))).isEqualTo(rig.writer.stored());
    }

    @Test
    void aReaderMayTakeAFewEventsAtATime() {
        writeTwoRunsAndAMessage();
        List<LoggedEvent> all = rig.writer.stored();

        var seen = new ArrayList<Followed>();
        for (var page = page(0, 3); !page.isEmpty(); page = page(ThreadFeed.seqOf(seen.getLast()), 3)) {
            assertThat(page).hasSizeLessThanOrEqualTo(3);
            seen.addAll(page);
        }

        assertThat(seen).isEqualTo(all);
    }

    @Test
    void aGapCountsAsOneOfThem() {
        writeTwoRunsAndAMessage();
        rig.cache.forget(rig.thread.id());
        rig.kept.forget(rig.thread, 2);

        assertThat(page(0, 2))
                .containsExactly(new Gap(1, 2), rig.writer.stored().get(2));
        assertThat(page(0, 1)).containsExactly(new Gap(1, 2));
    }

    @Test
    void inTurnOrderALaterTurnComesAfterTheEndOfTheEarlierOne() {
        var seen = new ArrayList<Followed>();
        rig.threads.inTurnOrder(rig.thread, Cursor.START).subscribe(seen::add);

        writeTwoRunsAndAMessage();

        assertThat(seen).isEqualTo(rig.inTurnOrder());
        assertThat(now(rig.threads.inTurnOrder(rig.thread, Cursor.START))).isEqualTo(rig.inTurnOrder());
    }

    @Test
    void inTurnOrderATurnIsNotLeftBeforeItsEnd() {
        rig.write(rig.run(1), admitted(), started());
        rig.write(rig.run(2), life("done"));

        assertThat(now(rig.threads.inTurnOrder(rig.thread, Cursor.START))).hasSize(2);
        assertThat(now(rig.threads.inArrivalOrder(rig.thread, 0))).hasSize(2 + life("done").length);
    }

    @Test
    void inTurnOrderTurnsWithoutEventsArePassedOver() {
        rig.write(rig.run(2), life("two"));
        rig.write(rig.run(5), life("five"));

        assertThat(now(rig.threads.inTurnOrder(rig.thread, Cursor.START))).isEqualTo(rig.writer.stored());
    }

    @Test
    void aReaderInArrivalOrderThatWasCutOffAnywhereIsGivenExactlyTheRest() {
        writeTwoRunsAndAMessage();
        List<LoggedEvent> all = rig.writer.stored();

        for (int cut = 0; cut <= all.size(); cut++) {
            var seen = new ArrayList<>(
                    now(rig.threads.inArrivalOrder(rig.thread, 0).take(cut)));
            seen.addAll(now(rig.threads.inArrivalOrder(rig.thread, cut)));
            assertThat(seen).isEqualTo(all);
        }
    }

    @Test
    void aReaderInTurnOrderThatWasCutOffAnywhereIsGivenExactlyTheRest() {
        writeTwoRunsAndAMessage();
        List<LoggedEvent> all = rig.inTurnOrder();

        for (int cut = 0; cut <= all.size(); cut++) {
            var seen = new ArrayList<>(
                    now(rig.threads.inTurnOrder(rig.thread, Cursor.START).take(cut)));
            seen.addAll(now(rig.threads.inTurnOrder(rig.thread, behind(all, cut))));
            assertThat(seen).isEqualTo(all);
        }
    }

    @Test
    void aReaderInTurnOrderThatComesBackAtTheEndOfATurnIsGivenTheNextWhenItComes() {
        RunKey first = rig.run(1);
        rig.write(first, life("one"));
        var seen = new ArrayList<Followed>();
        rig.threads
                .inTurnOrder(rig.thread, behind(rig.writer.stored(), (int) rig.writer.head()))
                .subscribe(seen::add);
        assertThat(seen).isEmpty();

        RunKey second = rig.run(2);
        rig.writeOneByOne(second, life("two"));

        assertThat(seen).isEqualTo(rig.writer.stored(second));
    }

    @Test
    void anAppendDuringTheSubscriptionIsSeenOnce() {
        RunKey run = rig.run(1);
        rig.write(run, admitted());
        rig.log.afterNextPage(() -> rig.write(run, started()));
        assertThat(now(rig.threads.inArrivalOrder(rig.thread, 0))).isEqualTo(rig.writer.stored());

        rig.log.afterNextPage(() -> rig.write(run, new RunEvent.ModelCallStarted(0)));
        assertThat(now(rig.threads.inTurnOrder(rig.thread, Cursor.START))).isEqualTo(rig.writer.stored());
    }

    @Test
    void inArrivalOrderEventsThatAreNoLongerKeptAreToldByAGap() {
        var small = new FeedRig(1);
        small.write(small.run(1), life("a"));
        small.kept.forget(small.thread, 3);
        List<LoggedEvent> all = small.writer.stored();

        assertThat(now(small.threads.inArrivalOrder(small.thread, 0)))
                .startsWith(new Gap(1, 3), all.get(3))
                .hasSize(1 + all.size() - 3);
        assertThat(now(small.threads.inArrivalOrder(small.thread, 2))).startsWith(new Gap(3, 3), all.get(3));
        assertThat(now(small.threads.inArrivalOrder(small.thread, 3))).startsWith(all.get(3));
    }

    @Test
    void inArrivalOrderAThreadOfWhichNothingIsKeptIsOneGap() {
        var small = new FeedRig(1);
        RunKey run = small.run(1);
        small.write(run, life("a"));
        long head = small.writer.head();
        small.kept.forget(small.thread, head);
        var seen = new ArrayList<Followed>();
        small.threads.inArrivalOrder(small.thread, 0).subscribe(seen::add);

        small.write(small.run(2), admitted());

        assertThat(seen).containsExactly(new Gap(1, head), small.writer.stored().getLast());
    }

    @Test
    void inArrivalOrderAnAppendBehindAnEmptyPageIsNoGap() {
        RunKey run = rig.run(1);
        rig.log.afterNextPage(() -> rig.write(run, life("just in time")));

        assertThat(now(rig.threads.inArrivalOrder(rig.thread, 0))).isEqualTo(rig.writer.stored());
    }

    @Test
    void inTurnOrderEventsOfATurnThatAreNoLongerKeptAreToldByAGap() {
        var small = new FeedRig(1);
        small.write(small.run(1), life("a"));
        small.write(small.run(2), life("b"));
        small.kept.forget(small.thread, 3);
        List<LoggedEvent> all = small.writer.stored();

        assertThat(now(small.threads.inTurnOrder(small.thread, Cursor.START)))
                .startsWith(new Gap(0, 2), all.get(3))
                .endsWith(all.getLast());
        assertThat(now(small.threads.inTurnOrder(small.thread, new Cursor(1, 0))))
                .startsWith(new Gap(1, 2), all.get(3));
    }

    @Test
    void inTurnOrderTheEndOfATurnIsShownToAReaderWhoseOwnEventIsNoLongerKept() {
        var small = new FeedRig(1);
        small.write(small.run(1), life("a"));
        small.write(small.run(2), life("b"));
        List<LoggedEvent> all = small.writer.stored();
        int last = life("a").length - 1;
        small.kept.forget(small.thread, last);

        assertThat(now(small.threads.inTurnOrder(small.thread, new Cursor(1, 2))))
                .startsWith(new Gap(3, last - 1L), all.get(last), all.get(last + 1))
                .endsWith(all.getLast());
    }

    @Test
    void inTurnOrderAReaderOfATurnOfWhichNothingIsKeptIsGivenTheNext() {
        var small = new FeedRig(1);
        RunKey second = small.run(2);
        small.write(small.run(1), life("a"));
        small.kept.forget(small.thread, small.writer.head());
        small.write(second, life("b"));

        assertThat(now(small.threads.inTurnOrder(small.thread, new Cursor(1, 2))))
                .isEqualTo(small.writer.stored(second));
    }

    @Test
    void aSlowReaderHoldsOnePageAndReadsTheNextOnlyWhenItIsThrough() {
        var item = ItemId.fresh();
        rig.write(rig.run(1), admitted(), started(), opened(item));
        RunEvent[] pieces = IntStream.range(0, 3 * Pager.PAGE_SIZE)
                .mapToObj(i -> said(item, "piece " + i))
                .toArray(RunEvent[]::new);
        rig.write(rig.run(2), pieces);

        holdsOnePage(rig.threads.inArrivalOrder(rig.thread, 0), Pager.PAGE_SIZE);
        holdsOnePage(rig.threads.inTurnOrder(rig.thread, new Cursor(2, -1)), Pager.PAGE_SIZE);
    }

    @Test
    void aReaderInArrivalOrderThatFellOutOfTheCacheContinuesFromTheLog() {
        var small = new FeedRig(2000);
        RunKey run = small.run(1);
        var item = ItemId.fresh();
        small.write(run, admitted(), started(), opened(item));
        Reader reader = Reader.of(small.threads.inArrivalOrder(small.thread, 0), 2);
        IntStream.range(0, 2000).forEach(_ -> small.write(run, said(item, "piece")));
        reader.request(Long.MAX_VALUE);

        assertThat(reader.seen()).isEqualTo(small.writer.stored()).hasSize(2003);
    }

    private void holdsOnePage(Flux<Followed> feed, int pageSize) {
        rig.log.pages().clear();
        StepVerifier.create(feed, 1)
                .expectNextCount(1)
                .thenRequest(pageSize - 2)
                .expectNextCount(pageSize - 2)
                .then(() ->
                        assertThat(rig.log.pages()).filteredOn(size -> size > 1).containsExactly(pageSize))
                .thenRequest(2)
                .expectNextCount(2)
                .then(() ->
                        assertThat(rig.log.pages()).filteredOn(size -> size > 1).hasSize(2))
                .thenCancel()
                .verify(PATIENCE);
    }

    private void writeTwoRunsAndAMessage() {
        RunKey first = rig.run(1);
        RunKey second = rig.run(3);
        RunEvent[] ofFirst = life("a", "b", "c", "d");
        RunEvent[] ofSecond = life("x", "y");
        rig.writer.store(0, new ThreadEvent.OwnerChanged(NodeId.fresh(), 1));
        rig.write(first, ofFirst[0]);
        rig.writeMessage(2, "in between");
        rig.writeOneByOne(second, ofSecond);
        rig.write(first, Arrays.copyOfRange(ofFirst, 1, ofFirst.length));
        rig.writeMessage(4, "at the end");
    }

    private static List<Followed> now(Flux<Followed> feed) {
        return FeedRig.now(feed);
    }

    private List<Followed> page(long after, int limit) {
        return rig.threads.page(rig.thread, after, limit).block(PATIENCE);
    }

    private static Cursor behind(List<LoggedEvent> events, int cut) {
        return cut == 0
                ? Cursor.START
                : new Cursor(events.get(cut - 1).turn(), events.get(cut - 1).runSeq());
    }
}
