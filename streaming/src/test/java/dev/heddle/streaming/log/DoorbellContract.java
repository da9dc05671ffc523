package dev.heddle.streaming.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.ThreadId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What every {@link Doorbell} promises. A ring may take its time, but the last one always comes. */
public abstract class DoorbellContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The doorbell under test: the same one in every call of a test. */
    protected abstract Doorbell doorbell();

    /** How many followers it holds something for, over all threads. */
    protected abstract int followers();

    @Test
    void theFirstRingComesAtSubscription() {
        var thread = ThreadId.fresh();

        StepVerifier.create(doorbell().rings(thread))
                .expectNext(thread)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void everyRingIsHeardByAFollowerThatKeepsUp() {
        var thread = ThreadId.fresh();

        StepVerifier.create(doorbell().rings(thread))
                .expectNext(thread)
                .then(() -> doorbell().ring(thread))
                .expectNext(thread)
                .then(() -> doorbell().ring(thread))
                .expectNext(thread)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aRingBetweenSubscriptionAndDemandIsNotLost() {
        var thread = ThreadId.fresh();

        StepVerifier.create(doorbell().rings(thread), 0)
                .expectSubscription()
                .then(() -> doorbell().ring(thread))
                .thenRequest(1)
                .expectNext(thread)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aSlowFollowerStillHearsTheLastRing() {
        var thread = ThreadId.fresh();

        StepVerifier.create(doorbell().rings(thread), 1)
                .expectNext(thread)
                .then(() -> ring(thread, 1000))
                .thenRequest(1)
                .expectNext(thread)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void everyFollowerOfAThreadHearsItsRings() {
        var thread = ThreadId.fresh();
        var first = doorbell().rings(thread).map(_ -> "first");
        var second = doorbell().rings(thread).map(_ -> "second");

        StepVerifier.create(Flux.merge(first, second))
                .recordWith(java.util.ArrayList::new)
                .expectNextCount(2)
                .then(() -> doorbell().ring(thread))
                .expectNextCount(2)
                .consumeRecordedWith(
                        heard -> assertThat(heard).containsExactlyInAnyOrder("first", "second", "first", "second"))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void ringsCarryTheirOwnThreadAndNoOther() {
        var thread = ThreadId.fresh();
        var other = ThreadId.fresh();

        StepVerifier.create(Flux.merge(doorbell().rings(thread), doorbell().rings(other)))
                .expectNextCount(2)
                .then(() -> doorbell().ring(other))
                .expectNext(other)
                .then(() -> doorbell().ring(thread))
                .expectNext(thread)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aRingWithoutFollowersLeavesNothingBehind() {
        doorbell().ring(ThreadId.fresh());

        assertThat(followers()).isZero();
    }

    @Test
    void cancellingFreesTheFollower() {
        var thread = ThreadId.fresh();
        var rings = doorbell().rings(thread);
        var first = rings.subscribe();
        var second = rings.subscribe();
        assertThat(followers()).isEqualTo(2);

        first.dispose();
        assertThat(followers()).isEqualTo(1);
        second.dispose();
        assertThat(followers()).isZero();
    }

    @Test
    void cancellingAtSubscriptionFreesTheFollower() {
        doorbell().rings(ThreadId.fresh()).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                cancel();
            }
        });

        assertThat(followers()).isZero();
    }

    @Test
    void afterRingsFromSeveralThreadsTheLastStateIsSeen() {
        for (int i = 0; i < 50; i++) {
            var thread = ThreadId.fresh();
            var state = new AtomicInteger();
            Flux<Integer> seen = doorbell().rings(thread).map(_ -> state.get());
            var ringers = Flux.range(0, 4)
                    .flatMap(_ -> Flux.range(0, 100)
                            .doOnNext(_ -> state.incrementAndGet())
                            .doOnNext(_ -> doorbell().ring(thread))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .subscribe();

            seen.onBackpressureLatest()
                    .publishOn(Schedulers.single(), 1)
                    .takeUntil(value -> value == 400)
                    .blockLast(PATIENCE);
            ringers.dispose();
        }
    }

    private void ring(ThreadId thread, int times) {
        for (int i = 0; i < times; i++) {
            doorbell().ring(thread);
        }
    }
}
