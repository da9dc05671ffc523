package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** So many at the same time and never more, in their order, whoever is cancelled at whatever moment. */
@Timeout(60)
class SlotsTests {
    private static final int RACES = 20_000;

    private final List<Integer> begun = new ArrayList<>();

    @Test
    void furtherOnesBeginInTheirOrderAsOthersEnd() {
        var slots = new Slots(2);
        var works = works(slots, 4);
        works.forEach(Work::start);

        assertThat(begun).containsExactly(0, 1);
        works.get(1).end.tryEmitEmpty();
        assertThat(begun).containsExactly(0, 1, 2);
        works.get(0).end.tryEmitEmpty();

        assertThat(begun).containsExactly(0, 1, 2, 3);
    }

    @Test
    void nothingBeginsBeforeItIsSubscribedTo() {
        var slots = new Slots(1);
        var works = works(slots, 2);

        works.get(1).start();

        assertThat(begun).containsExactly(1);
    }

    @Test
    void failuresAndCancelsMakeRoomToo() {
        var slots = new Slots(1);
        var works = works(slots, 3);
        works.forEach(Work::start);

        works.get(0).end.tryEmitError(new IllegalStateException("No."));
        assertThat(begun).containsExactly(0, 1);
        works.get(1).subscription.dispose();

        assertThat(begun).containsExactly(0, 1, 2);
    }

    @Test
    void whoIsCancelledWhileItWaitsNeverBeginsAndTakesNoSlot() {
        var slots = new Slots(1);
        var works = works(slots, 3);
        works.forEach(Work::start);

        works.get(1).subscription.dispose();
        works.get(0).end.tryEmitEmpty();

        assertThat(begun).containsExactly(0, 2);
        works.get(2).end.tryEmitEmpty();
        assertThat(slotsIn(slots)).isOne();
    }

    @Test
    void aCancelAtTheMomentOfTheGrantNeitherLosesTheSlotNorMakesTwoOfIt() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var together = new CyclicBarrier(2);
            for (int race = 0; race < RACES; race++) {
                var slots = new Slots(1);
                Sinks.Empty<Object> end = Sinks.empty();
                slots.use(end.asMono().flux()).subscribe();
                var waiter = slots.use(Flux.never()).subscribe();

                var grant = run(threads, together, end::tryEmitEmpty);
                run(threads, together, waiter::dispose).get();
                grant.get();

                assertThat(slotsIn(slots)).as("slots after race %d", race).isOne();
            }
        }
    }

    @Test
    void manyAtOnceAreNeverMoreThanThereAreSlots() {
        var slots = new Slots(3);
        var working = new AtomicInteger();
        var most = new AtomicInteger();
        Mono<Long> work = Mono.defer(() -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            return Mono.delay(Duration.ofNanos(ThreadLocalRandom.current().nextInt(200_000)))
                    .doOnTerminate(working::decrementAndGet)
                    .doOnCancel(working::decrementAndGet);
        });

        Flux.range(0, 4_000)
                .flatMap(
                        i -> slots.use(work.flux())
                                .take(Duration.ofNanos(i % 3 == 0 ? 100_000 : 1_000_000_000))
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .blockLast(Duration.ofSeconds(30));

        assertThat(most).hasValue(3);
        assertThat(working).hasValue(0);
        assertThat(slotsIn(slots)).isEqualTo(3);
    }

    private static Future<?> run(ExecutorService threads, CyclicBarrier together, Runnable step) {
        return threads.submit(() -> {
            together.await();
            step.run();
            return null;
        });
    }

    /** How many can begin before one has to wait; all of them are given back. */
    private static int slotsIn(Slots slots) {
        var begun = new AtomicInteger();
        var taken = new ArrayList<Disposable>();
        int before;
        do {
            before = begun.get();
            taken.add(slots.use(Flux.never().doOnSubscribe(_ -> begun.incrementAndGet()))
                    .subscribe());
        } while (begun.get() > before);
        taken.reversed().forEach(Disposable::dispose);
        return before;
    }

    private List<Work> works(Slots slots, int count) {
        var works = new ArrayList<Work>();
        for (int i = 0; i < count; i++) {
            works.add(new Work(slots, i));
        }
        return works;
    }

    private final class Work {
        private final Slots slots;
        private final int number;
        private final Sinks.Empty<Object> end = Sinks.empty();
        private Disposable subscription = () -> {};

        Work(Slots slots, int number) {
            this.slots = slots;
            this.number = number;
        }

        void start() {
            var work = end.asMono().flux().doOnSubscribe(_ -> begun.add(number));
            subscription = slots.use(work).subscribe(_ -> {}, _ -> {});
        }
    }
}
