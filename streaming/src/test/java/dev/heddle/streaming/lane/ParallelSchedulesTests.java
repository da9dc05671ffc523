package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the random schedules show, on real threads: works, requests, log and readers each on their own. */
@ExtendWith(QuietLanes.class)
class ParallelSchedulesTests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SplittableRandom random = new SplittableRandom();
    private final InMemoryThreads threads = new InMemoryThreads();
    private final ThreadKey thread = threads.newThread();
    private final History history = new History(threads, thread);
    private final Map<RunKey, Plan> plans = new ConcurrentHashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private final InProcessDoorbell doorbell = new InProcessDoorbell();
    private final TailCache cache = new TailCache(new ThreadedLog(threads), 1 + random.nextInt(20_000), 1_000_000);
    private final Lanes lanes = new Lanes(new LaneParts(
            cache,
            doorbell,
            threads,
            threads.ownership(NodeId.fresh()),
            this::work,
            Clock.systemUTC(),
            Schedulers.parallel(),
            settings()));

    @AfterEach
    void close() {
        lanes.close();
    }

    @RepeatedTest(60)
    void onRealThreadsEveryReaderSeesOneOrderAndEveryRunOneEnd() {
        int runs = 2 + random.nextInt(7);
        lanes.startSweeping();
        Mono.fromRunnable(() -> ask(runs))
                .subscribeOn(Schedulers.boundedElastic())
                .block(PATIENCE);
        await(() -> {
            submit();
            return history.isOver();
        });

        history.isSound();
        history.runs().forEach(this::readRun);
        readThread();
        readings.forEach(Reading::hasSeenAll);
    }

    private LaneSettings settings() {
        return new LaneSettings(
                1 + random.nextInt(6),
                1 + random.nextInt(40),
                1 + random.nextInt(10),
                1 + random.nextInt(40),
                Duration.ofMinutes(1),
                Duration.ofMillis(1 + random.nextInt(5)));
    }

    private Flux<RunEvent> work(RunWork.StartedRun run) {
        Plan plan = plan(run.key());
        List<RunEvent> words = new RunHistory(run.key(), plan, history.of(run.key())).words();
        return plan.eventsBehind(words).publishOn(Schedulers.parallel(), 1).subscribeOn(Schedulers.parallel());
    }

    /** Its work may begin before its admission returns. */
    private Plan plan(RunKey run) {
        return plans.computeIfAbsent(run, _ -> Plan.random(new SplittableRandom()));
    }

    /** Requests as they come: the lane is at work all the while. */
    private void ask(int runs) {
        for (int i = 0; i < runs; i++) {
            List<Strategy> strategies = Schedule.STRATEGIES;
            RunKey run = history.admit(strategies.get(random.nextInt(strategies.size())), this::plan);
            lanes.wake(thread);
            readRun(run);
            readThread();
            if (random.nextBoolean()) {
                history.added(threads.addMessage(thread, "message"));
                lanes.wake(thread);
            }
            stopAny();
            submit();
        }
    }

    private void submit() {
        history.paused().forEach(run -> {
            threads.bringOutputs(run, History.OUTPUT);
            lanes.wake(thread);
        });
    }

    private void stopAny() {
        RunKey run = history.runs().get(random.nextInt(history.runs().size()));
        if (random.nextInt(3) == 0) {
            history.stopAsked(run);
            threads.askStop(run, StopCause.CLIENT);
            lanes.wake(thread);
        }
    }

    private void readRun(RunKey run) {
        read(new RunFeed(cache, doorbell).follow(run, -1), () -> history.of(run));
    }

    private void readThread() {
        var feed = new ThreadFeed(cache, doorbell);
        read(feed.inArrivalOrder(thread, 0), history::log);
        read(feed.inTurnOrder(thread, Cursor.START), history::inTurnOrder);
    }

    private void read(Flux<Followed> feed, Supplier<List<LoggedEvent>> wanted) {
        var seen = new CopyOnWriteArrayList<Followed>();
        Flux<Followed> atItsPace = feed.publishOn(Schedulers.boundedElastic(), 1 + random.nextInt(50));
        readings.add(new Reading(seen, atItsPace.subscribe(seen::add), wanted));
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(1), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .filter(_ -> condition.getAsBoolean())
                .blockFirst(PATIENCE);
    }

    private record Reading(List<Followed> seen, Disposable reading, Supplier<List<LoggedEvent>> wanted) {
        void hasSeenAll() {
            List<LoggedEvent> all = wanted.get();
            await(() -> seen.size() >= all.size());
            reading.dispose();
            assertThat(seen).isEqualTo(all);
        }
    }
}
