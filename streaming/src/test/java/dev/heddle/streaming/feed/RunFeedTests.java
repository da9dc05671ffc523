package dev.heddle.streaming.feed;

import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static dev.heddle.streaming.run.TestRuns.started;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class RunFeedTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final RunId ID = RunId.fresh();

    private final FeedRig rig = new FeedRig();
    private final RunKey run = rig.run(1);

    @Test
    void aRunIsFollowedFromBeforeItsFirstEventToItsLast() {
        RunEvent[] life = life("a", "b");

        StepVerifier.create(rig.runs.follow(run, -1))
                .expectSubscription()
                .then(() -> rig.writeOneByOne(run, life))
                .recordWith(ArrayList::new)
                .expectNextCount(life.length)
                .consumeRecordedWith(seen -> assertThat(seen).isEqualTo(rig.writer.stored()))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aRunIsFollowedFromItsMiddleToItsLast() {
        RunEvent[] life = life("a", "b");
        rig.write(run, admitted(), started());

        StepVerifier.create(rig.runs.follow(run, -1))
                .expectNextCount(2)
                .then(() -> rig.write(run, Arrays.copyOfRange(life, 2, life.length)))
                .expectNextCount(life.length - 2)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aRunThatHasEndedIsReadAtOnce() {
        rig.write(run, life("a", "b"));

        StepVerifier.create(rig.runs.follow(run, -1).collectList())
                .assertNext(seen -> assertThat(seen).isEqualTo(rig.writer.stored()))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void theEventsOfOtherRunsAreLeftOut() {
        RunKey other = rig.run(2);
        var seen = new ArrayList<Followed>();
        var following = rig.runs.follow(run, -1).subscribe(seen::add);
        RunEvent[] life = life("mine");
        RunEvent[] othersLife = life("theirs", "too");
        for (int i = 0; i < othersLife.length; i++) {
            rig.write(other, othersLife[i]);
            if (i < life.length) {
                rig.write(run, life[i]);
            }
        }

        assertThat(seen).isEqualTo(rig.writer.stored(run)).hasSize(life.length);
        assertThat(following.isDisposed()).isTrue();
    }

    @Test
    void aReaderThatWasCutOffAnywhereIsGivenExactlyTheRest() {
        rig.write(run, life("a", "b", "c"));
        List<LoggedEvent> all = rig.writer.stored();

        for (int cut = 0; cut <= all.size(); cut++) {
            List<Followed> seen =
                    rig.runs.follow(run, -1).take(cut).collectList().block(PATIENCE);
            rig.runs.follow(run, cut - 1L).doOnNext(seen::add).blockLast(PATIENCE);
            assertThat(seen).isEqualTo(all);
        }
    }

    @Test
    void aReaderThatComesBackDuringTheRunIsGivenExactlyTheRest() {
        RunEvent[] life = life("a", "b", "c");
        for (int cut = 1; cut < life.length; cut++) {
            RunKey other = rig.run(1 + cut);
            rig.write(other, Arrays.copyOfRange(life, 0, cut));
            var seen = new ArrayList<>(FeedRig.now(rig.runs.follow(other, -1)));
            rig.runs.follow(other, cut - 1L).subscribe(seen::add);
            rig.writeOneByOne(other, Arrays.copyOfRange(life, cut, life.length));
            assertThat(seen).isEqualTo(rig.writer.stored(other)).hasSize(life.length);
        }
    }

    @Test
    void aReaderThatHasSeenTheEndIsToldSoAtOnce() {
        rig.write(run, life("a"));

        StepVerifier.create(rig.runs.follow(run, rig.writer.stored().size() - 1L))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void anAppendDuringTheSubscriptionIsSeenOnce() {
        RunEvent[] life = life("a");
        rig.write(run, life[0]);
        rig.log.afterNextPage(() -> rig.write(run, Arrays.copyOfRange(life, 1, life.length)));

        StepVerifier.create(rig.runs.follow(run, -1).collectList())
                .assertNext(
                        seen -> assertThat(seen).isEqualTo(rig.writer.stored()).hasSize(life.length))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void repeatedRingsRepeatNoEvent() {
        var seen = new ArrayList<Followed>();
        rig.runs.follow(run, -1).subscribe(seen::add);
        for (RunEvent event : life("a", "b")) {
            rig.write(run, event);
            IntStream.range(0, 3).forEach(_ -> rig.doorbell.ring(rig.thread.id()));
        }

        assertThat(seen).isEqualTo(rig.writer.stored());
    }

    @Test
    void aDroppedRingIsMadeGoodByTheNext() {
        var seen = new ArrayList<Followed>();
        rig.runs.follow(run, -1).subscribe(seen::add);
        rig.write(run, admitted());
        rig.writer.store(run, started());
        assertThat(seen).hasSize(1);

        rig.write(run, completed());

        assertThat(seen).isEqualTo(rig.writer.stored());
    }

    @Test
    void moreRingsThanAReaderAsksForBreakNothing() {
        TestPublisher<ThreadId> rings = TestPublisher.create();
        var feed = new RunFeed(rig.log, new OnlyRings(rings.flux()));
        rig.writer.store(run, admitted());

        StepVerifier.create(feed.follow(run, -1), 0)
                .then(() -> IntStream.range(0, 10).forEach(_ -> rings.next(rig.thread.id())))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> rig.writer.store(run, started(), completed()))
                .then(() -> IntStream.range(0, 10).forEach(_ -> rings.next(rig.thread.id())))
                .thenRequest(10)
                .expectNextCount(2)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aReaderThatLeavesIsLetGo() {
        var following = rig.runs.follow(run, -1).subscribe();
        assertThat(rig.doorbell.followers()).isEqualTo(1);

        following.dispose();
        assertThat(rig.doorbell.followers()).isZero();

        rig.write(run, life("a"));
        rig.runs.follow(run, -1).blockLast(PATIENCE);
        assertThat(rig.doorbell.followers()).isZero();
    }

    @Test
    void eventsThatAreNoLongerKeptAreToldByOneGap() {
        var small = new FeedRig(1);
        small.write(run(small), life("a", "b", "c"));
        List<LoggedEvent> all = small.writer.stored();
        small.kept.forget(small.thread, 5);

        assertThat(FeedRig.now(small.runs.follow(run(small), -1)))
                .startsWith(new Gap(0, 4))
                .endsWith(all.getLast())
                .hasSize(1 + all.size() - 5);
        assertThat(FeedRig.now(small.runs.follow(run(small), 2))).startsWith(new Gap(3, 4), all.get(5));
        assertThat(FeedRig.now(small.runs.follow(run(small), 4))).startsWith(all.get(5));
    }

    @Test
    void aRunOfWhichNothingIsKeptEndsForAReaderThatComesBack() {
        var empty = new FeedRig(1);
        empty.write(run(empty), life("a"));
        empty.kept.forget(empty.thread, empty.writer.head());

        StepVerifier.create(empty.runs.follow(run(empty), 2)).expectComplete().verify(PATIENCE);
    }

    @Test
    void aSlowReaderHoldsOnePageAndReadsTheNextOnlyWhenItIsThrough() {
        var item = ItemId.fresh();
        rig.write(run, admitted(), started(), opened(item));
        rig.write(
                run,
                IntStream.range(0, 3 * Pager.PAGE_SIZE)
                        .mapToObj(i -> said(item, "piece " + i))
                        .toArray(RunEvent[]::new));

        StepVerifier.create(rig.runs.follow(run, -1), 1)
                .expectNextCount(1)
                .then(() -> assertThat(rig.log.pages()).containsExactly(Pager.PAGE_SIZE))
                .thenRequest(Pager.PAGE_SIZE - 2)
                .expectNextCount(Pager.PAGE_SIZE - 2)
                .then(() -> assertThat(rig.log.pages()).hasSize(1))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(rig.log.pages()).hasSizeBetween(1, 2))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(rig.log.pages()).hasSize(2))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aReaderThatFellOutOfTheCacheContinuesFromTheLog() {
        var item = ItemId.fresh();
        var small = new FeedRig(2000);
        RunKey its = run(small);
        small.write(its, admitted(), started(), opened(item));
        Reader reader = Reader.of(small.runs.follow(its, -1), 2);
        IntStream.range(0, 2000).forEach(_ -> small.write(its, said(item, "piece")));
        small.write(its, completed());
        reader.request(Long.MAX_VALUE);

        assertThat(reader.seen()).isEqualTo(small.writer.stored()).hasSize(2004);
        assertThat(reader.isCompleted()).isTrue();
        assertThat(small.cache.heldBytes()).isLessThanOrEqualTo(2000);
    }

    @Test
    void manyReadersOfAnySpeedSeeTheSame() {
        var readers = new ArrayList<StepVerifier>();
        RunEvent[] life = life("a", "b", "c", "d");
        rig.write(run, Arrays.copyOfRange(life, 0, 4));
        for (int demand = 1; demand < 12; demand++) {
            Flux<Followed> slow = rig.runs.follow(run, -1).limitRate(demand);
            readers.add(StepVerifier.create(slow.collectList())
                    .assertNext(seen -> assertThat(seen).isEqualTo(rig.writer.stored()))
                    .expectComplete()
                    .verifyLater());
        }
        rig.writeOneByOne(run, Arrays.copyOfRange(life, 4, life.length));

        readers.forEach(reader -> reader.verify(PATIENCE));
    }

    private static RunKey run(FeedRig other) {
        return new RunKey(other.thread, 1, ID);
    }
}
