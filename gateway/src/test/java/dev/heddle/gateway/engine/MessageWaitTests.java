package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.TestRuns;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(20)
class MessageWaitTests {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    private static final AssistantId ASSISTANT = AssistantId.fresh();

    private final ThreadKey thread = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
    private final RunId first = RunId.fresh();
    private final RunId second = RunId.fresh();
    private final Set<RunId> active = new LinkedHashSet<>();
    private final Map<RunId, Long> runSeqs = new HashMap<>();
    private final InMemoryEventLog log = new InMemoryEventLog();
    private final InProcessDoorbell doorbell = new InProcessDoorbell();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final MessageWait wait = new MessageWait(
            new ActiveRuns(),
            log,
            new ThreadFeed(log, doorbell),
            Clock.fixed(CREATED.plusMillis(12_900), ZoneOffset.UTC),
            time);
    private final AtomicInteger tries = new AtomicInteger();
    private final StoredItem added = message();
    private long head;

    @Test
    void anIdleThreadTakesTheMessageAtOnce() {
        StepVerifier.create(add(this::onceIdle)).expectNext(added).verifyComplete();

        assertThat(tries).hasValue(1);
        assertThat(doorbell.followers()).isZero();
    }

    @Test
    void theMessageIsAddedWhenTheLastRunEnds() {
        begin(first);
        begin(second);

        StepVerifier.create(add(this::onceIdle))
                .then(() -> log(first, TestRuns.answer("Done.").subList(0, 5)))
                .then(() -> assertThat(tries).as("what a run says ends nothing").hasValue(1))
                .then(() -> end(first))
                .then(() -> assertThat(tries).hasValue(2))
                .then(() -> end(second))
                .expectNext(added)
                .verifyComplete();

        assertThat(tries).hasValue(3);
    }

    @Test
    void anEndDuringTheFirstTryIsNotMissed() {
        begin(first);
        Supplier<Mono<StoredItem>> slow = () -> onceIdle().doOnError(_ -> end(first));

        StepVerifier.create(add(slow)).expectNext(added).verifyComplete();

        assertThat(tries).hasValue(2);
    }

    @Test
    void whatEndedBeforeTheWaitIsNoReasonToTry() {
        begin(first);
        begin(second);
        end(first);

        var waiting = add(this::onceIdle).subscribe();

        assertThat(tries).hasValue(1);
        waiting.dispose();
    }

    @Test
    void atTheTimeoutTheActiveRunsAreTold() {
        begin(first);

        StepVerifier.create(add(this::onceIdle))
                .then(() -> time.advanceTimeBy(TIMEOUT.minusMillis(1)))
                .then(() -> assertThat(tries).hasValue(1))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1)))
                .expectErrorSatisfies(error -> assertThat(((ProblemException) error).problem())
                        .isEqualTo(new Problem.StillBusy(
                                thread.id(),
                                List.of(new Problem.StillBusy.ActiveRun(
                                        first,
                                        ASSISTANT,
                                        RunStatus.REQUIRES_ACTION,
                                        CREATED,
                                        Duration.ofMillis(12_900))))))
                .verify();

        assertThat(tries).as("the last one decides").hasValue(2);
        assertThat(doorbell.followers()).isZero();
    }

    @Test
    void aTryOnItsWayAtTheTimeoutCounts() {
        var stored = Sinks.<StoredItem>one();

        StepVerifier.create(add(stored::asMono))
                .then(() -> time.advanceTimeBy(TIMEOUT.multipliedBy(2)))
                .then(() -> stored.tryEmitValue(added).orThrow())
                .expectNext(added)
                .verifyComplete();
    }

    @Test
    void whoeverGoesAwayAddsNothingAndLeavesNothing() {
        begin(first);
        var waiting = add(this::onceIdle).subscribe();
        assertThat(doorbell.followers()).isOne();

        waiting.dispose();
        end(first);
        time.advanceTimeBy(TIMEOUT);

        assertThat(tries).hasValue(1);
        assertThat(doorbell.followers()).isZero();
    }

    @Test
    void otherRefusalsEndTheWait() {
        var gone = new ProblemException(new Problem.ThreadNotFound(thread.id()));

        StepVerifier.create(add(() -> Mono.error(gone))).verifyErrorMatches(gone::equals);
    }

    private Mono<StoredItem> add(Supplier<Mono<StoredItem>> tries) {
        return wait.add(thread, TIMEOUT, tries);
    }

    /** As admission has it. */
    private Mono<StoredItem> onceIdle() {
        return Mono.fromSupplier(() -> {
            tries.incrementAndGet();
            active.stream().findFirst().ifPresent(run -> {
                throw new ProblemException(new Problem.MessageWhileActive(thread.id(), run));
            });
            return added;
        });
    }

    private void begin(RunId run) {
        active.add(run);
        log(run, List.of(TestRuns.admitted(), TestRuns.started()));
    }

    private void end(RunId run) {
        active.remove(run);
        log(run, List.of(TestRuns.completed()));
    }

    private void log(RunId run, List<RunEvent> events) {
        for (RunEvent event : events) {
            long runSeq = runSeqs.merge(run, 1L, Long::sum) - 1;
            head++;
            var logged = new LoggedEvent(head, 1, CREATED, new ThreadEvent.OfRun(run, runSeq, event));
            log.append(new Append(thread, 1, UUID.randomUUID(), List.of(logged), List.of()))
                    .block();
        }
        doorbell.ring(thread.id());
    }

    private StoredItem message() {
        return new StoredItem(
                ItemId.fresh(),
                thread.id(),
                new Position(3, 0),
                Optional.empty(),
                ItemStatus.COMPLETED,
                Item.Message.of(Role.USER, "And?"),
                CREATED,
                Optional.of(CREATED),
                Map.of());
    }

    /** The runs that the test says are active, paused all of them. */
    private final class ActiveRuns implements Runs {
        @Override
        public Mono<StoredRun> find(TenantId tenant, RunId run) {
            throw new UnsupportedOperationException("Nobody looks for one run");
        }

        @Override
        public Mono<List<StoredRun>> active(ThreadKey asked) {
            return Mono.just(active.stream().map(this::stored).toList());
        }

        private StoredRun stored(RunId run) {
            return new StoredRun(
                    new RunKey(thread, 1, run),
                    RunStatus.REQUIRES_ACTION,
                    Strategy.CONCURRENT,
                    RunSpec.of(ASSISTANT, "demo", "", ModelOptions.DEFAULTS),
                    Map.of(),
                    CREATED,
                    CREATED,
                    Optional.empty(),
                    Optional.empty(),
                    Usage.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Runs repeatable(RequestKey key) {
            return this;
        }

        @Override
        public Mono<StoredRun> madeBy(TenantId tenant, RequestKey key) {
            return Mono.empty();
        }

        @Override
        public Mono<StoredRun> find(ThreadKey asked, RunId run) {
            return Mono.error(new UnsupportedOperationException("Nobody waits for one run"));
        }

        @Override
        public Mono<Page<StoredRun>> list(ThreadKey asked, PageRequest<RunId> request) {
            return Mono.error(new UnsupportedOperationException("Nobody waits for a list"));
        }

        @Override
        public Mono<StoredRun> replaceMetadata(ThreadKey asked, RunId run, Map<String, Object> metadata) {
            return Mono.error(new UnsupportedOperationException("Nobody changes what he waits for"));
        }
    }
}
