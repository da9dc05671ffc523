package dev.heddle.persistence.postgres;

import static dev.heddle.streaming.run.TestRuns.answer;
import static dev.heddle.streaming.run.TestRuns.completed;
import static dev.heddle.streaming.run.TestRuns.opened;
import static dev.heddle.streaming.run.TestRuns.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.lane.LaneParts;
import dev.heddle.streaming.lane.LaneSettings;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Lanes, feeds and PostgreSQL together, as an instance has them; only what the runs do is a script. */
class LanesIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final Duration PATIENCE = TestPostgres.PATIENCE;

    private final InProcessDoorbell doorbell = new InProcessDoorbell();
    private final Map<RunId, Sinks.Many<RunEvent>> scripts = new ConcurrentHashMap<>();
    private final Instance here = new Instance();
    private final ThreadKey thread = REQUESTS.newThread();

    @AfterEach
    void stop() {
        here.lanes.close();
    }

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void threeRunsThatEndOutOfOrderAreReadInBothOrders() {
        List<RunKey> runs =
                Stream.generate(() -> here.admit(Strategy.CONCURRENT)).limit(3).toList();
        List<List<RunEvent>> answers = List.of(answer("a", "b"), answer("c", "d"), answer("e", "f"));

        IntStream.range(0, answers.getFirst().size() - 1)
                .forEach(i -> IntStream.range(0, 3)
                        .forEach(run -> say(runs.get(run), answers.get(run).get(i))));
        for (int run : new int[] {2, 0, 1}) {
            say(runs.get(run), answers.get(run).getLast());
            here.followToItsEnd(runs.get(run));
        }

        List<LoggedEvent> arrived = events(new ThreadFeed(here.log, doorbell).inArrivalOrder(thread, 0), ends(3));
        assertThat(arrived).isEqualTo(POSTGRES.log().readThread(thread, 0, 1000).block(PATIENCE));
        assertThat(arrived)
                .filteredOn(LoggedEvent::endsRun)
                .extracting(LoggedEvent::turn)
                .containsExactly(3L, 1L, 2L);
        List<LoggedEvent> turnByTurn =
                events(new ThreadFeed(here.log, doorbell).inTurnOrder(thread, Cursor.START), ends(3));
        assertThat(turnByTurn)
                .isEqualTo(arrived.stream()
                        .filter(event -> event.turn() > 0)
                        .sorted(Comparator.comparingLong(LoggedEvent::turn).thenComparingLong(LoggedEvent::runSeq))
                        .toList());
        for (int run = 0; run < 3; run++) {
            assertThat(here.followToItsEnd(runs.get(run)))
                    .extracting(LanesIT::runEvent)
                    .endsWith(answers.get(run).toArray(RunEvent[]::new));
        }
    }

    @Test
    void theItemsSayWhatWasStreamed() {
        List<RunKey> runs =
                Stream.generate(() -> here.admit(Strategy.CONCURRENT)).limit(3).toList();

        runs.reversed()
                .forEach(run -> answer("turn ", String.valueOf(run.turn())).forEach(event -> say(run, event)));
        runs.forEach(here::followToItsEnd);

        assertThat(POSTGRES.rows("""
                        select turn, status, item -> 'content' -> 0 ->> 'text' as text
                          from items where thread_id = ? order by turn, item_index
                        """, thread.id().value()))
                .containsExactly(
                        Map.of("turn", 1L, "status", "completed", "text", "turn 1"),
                        Map.of("turn", 2L, "status", "completed", "text", "turn 2"),
                        Map.of("turn", 3L, "status", "completed", "text", "turn 3"));
    }

    @Test
    void aStoppedRunEndsWithTheTextItHas() {
        RunKey run = here.admit(Strategy.CONCURRENT);
        here.startsToAnswer(run, "Hel", "lo");

        REQUESTS.askStop(run, StopCause.CLIENT);
        here.lanes.wake(thread);

        assertThat(runEvent(here.followToItsEnd(run).getLast()))
                .isInstanceOfSatisfying(
                        RunEvent.Cancelled.class, end -> assertThat(end.cause()).isEqualTo(StopCause.CLIENT));
        assertThat(itemOf(run)).isEqualTo(Map.of("status", "run_cancelled", "text", "Hello"));
        assertThat(statusOf(run)).isEqualTo("cancelled");
        assertThat(script(run).currentSubscriberCount()).isZero();
        assertThat(POSTGRES.inbox().read(thread, 0, 10).block(PATIENCE)).isEmpty();
    }

    @Test
    void afterARestartStartedRunsEndWithTheirTextAndQueuedOnesStart() {
        RunKey started = here.admit(Strategy.CONCURRENT);
        RunKey queued = here.admit(Strategy.ENQUEUE);
        here.startsToAnswer(started, "Hel", "lo");
        here.lanes.close();
        RunKey admittedMeanwhile = REQUESTS.admit(thread, Strategy.CONCURRENT);

        var next = new Instance();
        next.lanes.startSweeping();
        List.of(queued, admittedMeanwhile).forEach(run -> answer("Hi").forEach(event -> say(run, event)));

        assertThat(runEvent(next.followToItsEnd(started).getLast()))
                .isInstanceOfSatisfying(
                        RunEvent.Failed.class,
                        end -> assertThat(end.failure().code()).isEqualTo(RunFailure.Code.SERVER_ERROR));
        assertThat(itemOf(started)).isEqualTo(Map.of("status", "run_failed", "text", "Hello"));
        assertThat(runEvent(next.followToItsEnd(queued).getLast())).isEqualTo(completed());
        assertThat(runEvent(next.followToItsEnd(admittedMeanwhile).getLast())).isEqualTo(completed());
        assertOneOwnerAfterTheOther(thread);
        next.lanes.close();
    }

    @Test
    void ofTwoLivingInstancesOneOwnsEachThreadAndEveryRunCompletes() {
        var there = new Instance();
        List.of(here, there).forEach(Instance::isAlive);
        List<RunKey> runs = runsOfManyThreads();

        wakeBoth(there, runs);
        runs.forEach(run -> answer("a", "b", "c").forEach(event -> say(run, event)));

        assertThat(Flux.fromIterable(runs)
                        .map(here::followToItsEnd)
                        .collectList()
                        .block(PATIENCE))
                .extracting(events -> runEvent(events.getLast()))
                .containsOnly(completed());
        assertThat(runs)
                .extracting(RunKey::thread)
                .allSatisfy(each -> assertThat(epochs(each)).hasSize(1));
        there.lanes.close();
    }

    /** Neither is known to be alive, so each takes every thread from the other as often as it looks. */
    @Test
    void howeverTwoInstancesTakeThreadsFromEachOtherTheirRowsNeverMix() {
        var there = new Instance();
        List<RunKey> runs = runsOfManyThreads();
        runs.forEach(run -> slowly(run, answer("a", "b", "c", "d", "e")));

        wakeBoth(there, runs);
        List.of(here, there).forEach(instance -> instance.lanes.startSweeping());

        assertThat(runs)
                .allSatisfy(run ->
                        assertThat(here.followToItsEnd(run).getLast().endsRun()).isTrue());
        runs.stream().map(RunKey::thread).distinct().forEach(LanesIT::assertOneOwnerAfterTheOther);
        assertThat(runs.stream().map(run -> epochs(run.thread()).size())).anyMatch(owners -> owners > 1);
        assertThat(POSTGRES.rows("select id from runs where ended_seq is null and thread_id = any (?)", (Object)
                        runs.stream().map(run -> run.thread().id().value()).toArray(UUID[]::new)))
                .isEmpty();
        there.lanes.close();
    }

    private List<RunKey> runsOfManyThreads() {
        return Stream.generate(REQUESTS::newThread)
                .limit(10)
                .flatMap(each -> Stream.of(Strategy.CONCURRENT, Strategy.CONCURRENT, Strategy.ENQUEUE)
                        .map(strategy -> REQUESTS.admit(each, strategy)))
                .toList();
    }

    private void wakeBoth(Instance there, List<RunKey> runs) {
        var random = new Random(20260103);
        Flux.fromIterable(runs)
                .flatMapIterable(run -> random.nextBoolean()
                        ? List.of(here.woken(run), there.woken(run))
                        : List.of(there.woken(run), here.woken(run)))
                .flatMap(wake -> wake.subscribeOn(Schedulers.parallel()), 4) // The race is what is tried.
                .blockLast(PATIENCE);
    }

    /** Gapless; the rows of each owner stand together, behind the event that says it has taken over. */
    private static void assertOneOwnerAfterTheOther(ThreadKey thread) {
        List<LoggedEvent> log = POSTGRES.log().readThread(thread, 0, 10_000).block(PATIENCE);
        assertThat(log)
                .extracting(LoggedEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, log.size()).boxed().toList());
        assertThat(POSTGRES.rows(
                        "select first_seq, epoch from event_log where thread_id = ? order by first_seq",
                        thread.id().value()))
                .extracting(row -> (Long) row.get("epoch"))
                .isSorted();
        assertThat(log)
                .filteredOn(event -> event.event() instanceof ThreadEvent.OwnerChanged)
                .extracting(event -> ((ThreadEvent.OwnerChanged) event.event()).epoch())
                .isEqualTo(epochs(thread));
        log.stream()
                .filter(event -> event.event() instanceof ThreadEvent.OfRun)
                .collect(Collectors.groupingBy(LoggedEvent::turn))
                .values()
                .forEach(LanesIT::assertOneLife);
    }

    private static void assertOneLife(List<LoggedEvent> run) {
        assertThat(run)
                .extracting(LoggedEvent::runSeq)
                .containsExactlyElementsOf(
                        LongStream.range(0, run.size()).boxed().toList());
        assertThat(run).filteredOn(LoggedEvent::endsRun).containsExactly(run.getLast());
    }

    /** The epochs that have written to a thread's log, in its order. */
    private static List<Long> epochs(ThreadKey thread) {
        return POSTGRES
                .rows(
                        "select epoch from event_log where thread_id = ? group by epoch order by min(first_seq)",
                        thread.id().value())
                .stream()
                .map(row -> (Long) row.get("epoch"))
                .toList();
    }

    private void say(RunKey run, RunEvent event) {
        assertThat(script(run).tryEmitNext(event)).isEqualTo(Sinks.EmitResult.OK);
    }

    private void slowly(RunKey run, List<RunEvent> events) {
        Flux.fromIterable(events)
                .delayElements(Duration.ofMillis(3))
                .subscribe(event -> script(run).tryEmitNext(event));
    }

    /** Replays: an instance that starts a run hears all that it says. */
    private Sinks.Many<RunEvent> script(RunKey run) {
        return scripts.computeIfAbsent(run.id(), _ -> Sinks.many().replay().all());
    }

    private static RunEvent runEvent(LoggedEvent event) {
        return ((ThreadEvent.OfRun) event.event()).event();
    }

    private static Predicate<LoggedEvent> ends(int runs) {
        var left = new AtomicInteger(runs);
        return event -> event.endsRun() && left.decrementAndGet() == 0;
    }

    private static List<LoggedEvent> events(Flux<Followed> feed, Predicate<LoggedEvent> last) {
        return feed.cast(LoggedEvent.class).takeUntil(last).collectList().block(PATIENCE);
    }

    private static Map<String, Object> itemOf(RunKey run) {
        return POSTGRES.rows(
                        "select status, item -> 'content' -> 0 ->> 'text' as text from items where output_of = ?",
                        run.id().value())
                .getFirst();
    }

    private static Object statusOf(RunKey run) {
        return POSTGRES.value("select status from runs where id = ?", run.id().value());
    }

    /** A process of the gateway: a node of its own on the shared database. */
    private final class Instance {
        private final NodeId node = NodeId.fresh();
        private final TailCache log = new TailCache(POSTGRES.log(), 1_000_000, 100_000_000);
        private final Lanes lanes = new Lanes(new LaneParts(
                log,
                doorbell,
                POSTGRES.inbox(),
                POSTGRES.ownership(node),
                started -> script(started.key()).asFlux(),
                Clock.systemUTC(),
                Schedulers.parallel(),
                LaneSettings.DEFAULT));

        void isAlive() {
            POSTGRES.rows("insert into nodes (id) values (?)", node.value());
        }

        RunKey admit(Strategy strategy) {
            RunKey run = REQUESTS.admit(thread, strategy);
            lanes.wake(thread);
            return run;
        }

        Mono<Void> woken(RunKey run) {
            return Mono.fromRunnable(() -> lanes.wake(run.thread()));
        }

        /** Opens a message, says the pieces, and waits until they are stored. */
        void startsToAnswer(RunKey run, String... pieces) {
            var item = ItemId.fresh();
            say(run, new RunEvent.ModelCallStarted(0));
            say(run, opened(item));
            Stream.of(pieces).forEach(piece -> say(run, said(item, piece)));
            RunEvent last = said(item, pieces[pieces.length - 1]);
            events(
                    new RunFeed(log, doorbell).follow(run, -1),
                    event -> runEvent(event).equals(last));
        }

        List<LoggedEvent> followToItsEnd(RunKey run) {
            return events(new RunFeed(POSTGRES.log(), doorbell).follow(run, -1), LoggedEvent::endsRun);
        }
    }
}
