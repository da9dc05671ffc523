package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A run's part of its thread's log beside its plan, and what must be true of it in the end. */
record RunHistory(RunKey run, Plan plan, List<LoggedEvent> logged) {
    List<RunEvent> events() {
        return logged.stream()
                .map(event -> ((ThreadEvent.OfRun) event.event()).event())
                .toList();
    }

    /** What its works have said, and the end that the lane may have added. */
    List<RunEvent> words() {
        return events().stream()
                .filter(event -> !isTheLanes(event) && !isOfOutput(event))
                .toList();
    }

    private static boolean isTheLanes(RunEvent event) {
        return event instanceof RunEvent.Admitted
                || event instanceof RunEvent.Started
                || event instanceof RunEvent.OutputsSubmitted
                || event instanceof RunEvent.Resumed
                || event instanceof RunEvent.StopRequested;
    }

    private static boolean isOfOutput(RunEvent event) {
        return switch (event) {
            case RunEvent.ItemOpened opened -> opened.start() instanceof Item.FunctionCallOutput;
            case RunEvent.ItemClosed closed -> closed.end() instanceof Item.FunctionCallOutput;
            default -> false;
        };
    }

    RunStatus status() {
        return fold(events()).status();
    }

    /** Its status is a fold of its events, so every one of them was legal where it stands. */
    private static OpenRun fold(List<RunEvent> events) {
        var open = new OpenRun();
        events.forEach(open::add);
        return open;
    }

    Optional<Long> startedSeq() {
        return logged.stream()
                .filter(event -> ((ThreadEvent.OfRun) event.event()).event() instanceof RunEvent.Started)
                .map(LoggedEvent::seq)
                .findFirst();
    }

    long endedSeq() {
        return logged.getLast().seq();
    }

    void isSound(boolean crashed) {
        assertThat(logged)
                .extracting(LoggedEvent::runSeq)
                .isEqualTo(LongStream.range(0, logged.size()).boxed().toList());
        assertThat(logged).extracting(LoggedEvent::turn).containsOnly(run.turn());
        assertThat(logged).filteredOn(LoggedEvent::endsRun).containsExactly(logged.getLast());
        hasEveryItemInItsPlace();
        hasTheOutputsOfAPauseTogetherAndOnce();
        isFaithful(crashed);
    }

    private void hasEveryItemInItsPlace() {
        List<Integer> places = eventsOf(RunEvent.ItemOpened.class)
                .map(RunEvent.ItemOpened::outputIndex)
                .toList();
        assertThat(places).isEqualTo(IntStream.range(0, places.size()).boxed().toList());
    }

    private void hasTheOutputsOfAPauseTogetherAndOnce() {
        List<RunEvent> events = events();
        long expected = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof RunEvent.OutputsSubmitted) {
                expected += outputsBefore(i, events);
            }
        }
        assertThat(events.stream().filter(RunHistory::isOfOutput).count()).isEqualTo(expected);
    }

    /** All of the pause in front of it, next to each other in the thread's log; answers how many events. */
    private int outputsBefore(int submitted, List<RunEvent> events) {
        int paused = events.subList(0, submitted).lastIndexOf(lastPauseBefore(submitted, events));
        List<Item.FunctionCall> calls = ((RunEvent.ActionRequired) events.get(paused)).calls();
        assertThat(events.subList(paused + 1, submitted).stream().map(RunHistory::outputOf))
                .isEqualTo(calls.stream()
                        .flatMap(call -> Stream.of(
                                new Item.FunctionCallOutput(call.call(), ""),
                                new Item.FunctionCallOutput(call.call(), History.OUTPUT)))
                        .toList());
        int outputs = submitted - paused - 1;
        assertThat(logged.get(submitted).seq() - logged.get(paused + 1).seq()).isEqualTo(outputs);
        return outputs;
    }

    private static RunEvent lastPauseBefore(int index, List<RunEvent> events) {
        return events.subList(0, index).stream()
                .filter(RunEvent.ActionRequired.class::isInstance)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static Item outputOf(RunEvent event) {
        return event instanceof RunEvent.ItemOpened opened ? opened.start() : ((RunEvent.ItemClosed) event).end();
    }

    /** What the works have said stands there from its beginning, and the lane has added no more than an end. */
    private void isFaithful(boolean crashed) {
        List<RunEvent> words = words();
        Plan.Progress progress = plan.progress(words);
        List<RunEvent> added = words.subList(progress.said(), words.size());
        assertThat(added).hasSizeLessThanOrEqualTo(4);
        assertThat(added).allMatch(event -> event instanceof RunEvent.ItemClosed || event instanceof RunEvent.Terminal);
        assertThat(added.isEmpty()).isEqualTo(progress.planned() == plan.says().size() && plan.isWhole());
        if (!crashed) {
            assertThat(progress.planned()).isEqualTo(progress.said());
        }
        if (events().getLast() instanceof RunEvent.Failed failed
                && failed.failure().equals(Endings.INTERRUPTED)) {
            assertThat(crashed).isTrue();
            List<RunEvent> found = events().subList(0, logged.size() - added.size());
            assertThat(fold(found).mayContinue()).isFalse();
        }
    }

    private <T extends RunEvent> Stream<T> eventsOf(Class<T> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast);
    }
}
