package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Everything that was asked of a thread, in admission order, and what must be true of its log in the end. */
final class History {
    /** What every client brings for every call. */
    static final String OUTPUT = "sunny";

    private static final Set<Strategy> WAITING = EnumSet.of(Strategy.ENQUEUE, Strategy.INTERRUPT, Strategy.ROLLBACK);

    private final InMemoryThreads threads;
    private final ThreadKey thread;
    private final List<Object> turns = new ArrayList<>();
    private final Map<RunKey, Plan> plans = new HashMap<>();
    private final Set<RunKey> stopped = new HashSet<>();
    private final Map<RunKey, Strategy> strategies = new HashMap<>();
    private final List<List<Long>> withdrawn = new ArrayList<>();
    private boolean crashed;
    private boolean mayExpire;

    History(InMemoryThreads threads, ThreadKey thread) {
        this.threads = threads;
        this.thread = thread;
    }

    /** Admits a run, as one that takes the place of the active ones if its strategy says so. */
    RunKey admit(Strategy strategy, Function<RunKey, Plan> plan) {
        if (!strategy.stopsOthers()) {
            return admitted(threads.admit(thread, strategy), strategy, plan);
        }
        InMemoryThreads.Replacement replacement = threads.admitInstead(thread, strategy);
        stopped.addAll(replacement.others());
        if (strategy == Strategy.ROLLBACK && !replacement.others().isEmpty()) {
            withdrawn.add(replacement.others().stream().map(RunKey::turn).toList());
        }
        return admitted(replacement.run(), strategy, plan);
    }

    private RunKey admitted(RunKey run, Strategy strategy, Function<RunKey, Plan> plan) {
        turns.add(run);
        plans.put(run, plan.apply(run));
        strategies.put(run, strategy);
        return run;
    }

    void added(ItemId message) {
        turns.add(message);
    }

    void stopAsked(RunKey run) {
        stopped.add(run);
    }

    void crashed() {
        crashed = true;
    }

    void mayExpire() {
        mayExpire = true;
    }

    List<RunKey> runs() {
        return turns.stream()
                .filter(RunKey.class::isInstance)
                .map(RunKey.class::cast)
                .toList();
    }

    Plan plan(RunKey run) {
        return plans.get(run);
    }

    boolean isOver() {
        return runs().stream().allMatch(run -> threads.status(run).isTerminal())
                && threads.read(thread, 0, 1).block().isEmpty();
    }

    /** Whether nothing is left but runs that wait for their clients, and others that wait for these. */
    boolean isWaiting() {
        return !isOver()
                && threads.read(thread, 0, 1).block().isEmpty()
                && threads.active(thread).stream().allMatch(this::isWaiting);
    }

    private boolean isWaiting(RunKey run) {
        return switch (threads.status(run)) {
            case REQUIRES_ACTION -> true;
            case QUEUED ->
                WAITING.contains(strategies.get(run))
                        && history(run).startedSeq().isEmpty();
            default -> false;
        };
    }

    List<RunKey> paused() {
        return runs().stream()
                .filter(run -> threads.status(run) == RunStatus.REQUIRES_ACTION)
                .toList();
    }

    RunHistory history(RunKey run) {
        return new RunHistory(run, plan(run), of(run));
    }

    List<LoggedEvent> log() {
        return threads.readThread(thread, 0, Integer.MAX_VALUE).block();
    }

    List<LoggedEvent> of(RunKey run) {
        return log().stream().filter(event -> event.isOf(run.id())).toList();
    }

    /** What a reader in turn order must see: a function of the order of admission and of each turn's own events. */
    List<LoggedEvent> inTurnOrder() {
        List<LoggedEvent> log = log();
        var all = new ArrayList<LoggedEvent>();
        for (Object turn : turns) {
            log.stream().filter(event -> isOf(event, turn)).forEach(all::add);
        }
        return all;
    }

    private static boolean isOf(LoggedEvent event, Object turn) {
        return turn instanceof RunKey run
                ? event.isOf(run.id())
                : event.event() instanceof ThreadEvent.ItemAdded added
                        && added.item().equals(turn);
    }

    /** The log without the ids, which are new in every play. */
    List<String> shape() {
        return log().stream().map(History::shapeOf).toList();
    }

    private static String shapeOf(LoggedEvent event) {
        Object what = event.event() instanceof ThreadEvent.OfRun ofRun ? ofRun.event() : event.event();
        return event.turn() + ":" + event.runSeq() + " " + what.getClass().getSimpleName();
    }

    void isSound() {
        List<LoggedEvent> log = log();
        assertThat(log).extracting(LoggedEvent::seq).isEqualTo(numbers(1, log.size()));
        assertThat(log)
                .filteredOn(event -> event.event() instanceof ThreadEvent.ItemAdded)
                .hasSize(turns.size() - plans.size());
        assertThat(inTurnOrder()).extracting(LoggedEvent::turn).isSorted();
        areWithdrawnBehindTheirEnds(log);
        runs().forEach(this::isSound);
    }

    private void isSound(RunKey run) {
        RunHistory history = history(run);
        history.isSound(crashed);
        assertThat(history.status()).isEqualTo(threads.status(run)).isIn(endings(run));
        if (WAITING.contains(strategies.get(run))) {
            history.startedSeq()
                    .ifPresent(started -> assertThat(earlierThan(run))
                            .allMatch(earlier -> history(earlier).endedSeq() < started));
        }
    }

    private Stream<RunKey> earlierThan(RunKey run) {
        return runs().stream().filter(other -> other.turn() < run.turn());
    }

    private Set<RunStatus> endings(RunKey run) {
        EnumSet<RunStatus> endings = EnumSet.of(plan(run).ending());
        if (stopped.contains(run)) {
            endings.add(RunStatus.CANCELLED);
        }
        if (crashed) {
            endings.add(RunStatus.FAILED);
        }
        if (mayExpire) {
            endings.add(RunStatus.EXPIRED);
        }
        return endings;
    }

    /** Each once, and behind the last event of each of its turns. */
    private void areWithdrawnBehindTheirEnds(List<LoggedEvent> log) {
        List<LoggedEvent> logged = log.stream()
                .filter(event -> event.event() instanceof ThreadEvent.TurnsWithdrawn)
                .toList();
        assertThat(logged)
                .extracting(event -> ((ThreadEvent.TurnsWithdrawn) event.event()).turns())
                .containsExactlyInAnyOrderElementsOf(withdrawn);
        for (LoggedEvent event : logged) {
            List<Long> turns = ((ThreadEvent.TurnsWithdrawn) event.event()).turns();
            assertThat(runs())
                    .filteredOn(run -> turns.contains(run.turn()))
                    .hasSameSizeAs(turns)
                    .allMatch(run -> history(run).endedSeq() < event.seq());
        }
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
