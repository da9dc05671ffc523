package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunEvent;
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
import java.util.stream.LongStream;

/** Everything that was asked of a thread, in admission order, and what must be true of its log in the end. */
final class History {
    private final InMemoryThreads threads;
    private final ThreadKey thread;
    private final List<Object> turns = new ArrayList<>();
    private final Map<RunKey, Plan> plans = new HashMap<>();
    private final Set<RunKey> stopped = new HashSet<>();
    private boolean crashed;

    History(InMemoryThreads threads, ThreadKey thread) {
        this.threads = threads;
        this.thread = thread;
    }

    void admitted(RunKey run, Plan plan) {
        turns.add(run);
        plans.put(run, plan);
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
                : event.event() instanceof ThreadEvent.MessageAdded added
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
                .filteredOn(event -> event.event() instanceof ThreadEvent.MessageAdded)
                .hasSize(turns.size() - plans.size());
        assertThat(inTurnOrder()).extracting(LoggedEvent::turn).isSorted();
        runs().forEach(this::isSound);
    }

    private void isSound(RunKey run) {
        List<LoggedEvent> events = of(run);
        assertThat(events).extracting(LoggedEvent::runSeq).isEqualTo(numbers(0, events.size() - 1L));
        assertThat(events).extracting(LoggedEvent::turn).containsOnly(run.turn());
        assertThat(events).filteredOn(LoggedEvent::endsRun).containsExactly(events.getLast());
        var open = new OpenRun();
        List<RunEvent> said = events.stream()
                .map(event -> ((ThreadEvent.OfRun) event.event()).event())
                .toList();
        said.forEach(open::add);
        assertThat(open.status()).isEqualTo(threads.status(run));
        isFaithful(plan(run), said);
        if (!crashed) {
            assertThat(open.status()).isIn(endings(run));
        }
    }

    private Set<RunStatus> endings(RunKey run) {
        RunStatus unstopped = plan(run).ending();
        return stopped.contains(run) ? EnumSet.of(unstopped, RunStatus.CANCELLED) : EnumSet.of(unstopped);
    }

    /** What the work has said stands there from its beginning, and the lane has added no more than an end. */
    private static void isFaithful(Plan plan, List<RunEvent> said) {
        List<RunEvent> words = said.stream().filter(event -> !isTheLanes(event)).toList();
        int common = 0;
        while (common < Math.min(words.size(), plan.says().size())
                && words.get(common).equals(plan.says().get(common))) {
            common++;
        }
        List<RunEvent> added = words.subList(common, words.size());
        assertThat(added).hasSizeLessThanOrEqualTo(2);
        assertThat(added).allMatch(event -> event instanceof RunEvent.ItemClosed || event instanceof RunEvent.Terminal);
        assertThat(added.isEmpty()).isEqualTo(common == plan.says().size() && isWhole(plan));
    }

    private static boolean isWhole(Plan plan) {
        return !plan.says().isEmpty() && plan.says().getLast() instanceof RunEvent.Terminal;
    }

    private static boolean isTheLanes(RunEvent event) {
        return event instanceof RunEvent.Admitted
                || event instanceof RunEvent.Started
                || event instanceof RunEvent.StopRequested;
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
