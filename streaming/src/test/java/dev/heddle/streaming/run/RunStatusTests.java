package dev.heddle.streaming.run;

import static dev.heddle.streaming.run.RunStatus.CANCELLED;
import static dev.heddle.streaming.run.RunStatus.CANCELLING;
import static dev.heddle.streaming.run.RunStatus.COMPLETED;
import static dev.heddle.streaming.run.RunStatus.EXPIRED;
import static dev.heddle.streaming.run.RunStatus.FAILED;
import static dev.heddle.streaming.run.RunStatus.INCOMPLETE;
import static dev.heddle.streaming.run.RunStatus.IN_PROGRESS;
import static dev.heddle.streaming.run.RunStatus.QUEUED;
import static dev.heddle.streaming.run.RunStatus.REQUIRES_ACTION;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunStatusTests {
    private static final ItemId ITEM = ItemId.fresh();

    /** One event of each kind. */
    private static final List<RunEvent> EVENTS = List.of(
            new RunEvent.Admitted(),
            TestRuns.started(),
            new RunEvent.ActionRequired(List.of()),
            new RunEvent.OutputsSubmitted(),
            new RunEvent.Resumed(),
            new RunEvent.StopRequested(StopCause.CLIENT),
            new RunEvent.Completed(Usage.NONE),
            new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, Usage.NONE),
            new RunEvent.Failed(RunFailure.serverError("no"), Usage.NONE),
            new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE),
            new RunEvent.Expired(Usage.NONE),
            new RunEvent.ModelCallStarted(0),
            new RunEvent.ModelCallEnded(0, Usage.NONE),
            TestRuns.opened(ITEM),
            TestRuns.said(ITEM, "a"),
            new RunEvent.ReasoningAppended(0, ITEM, "hm"),
            new RunEvent.ArgumentsAppended(0, ITEM, "{"),
            TestRuns.closed(ITEM, "a"));

    /** Every legal move; what is not here is refused. */
    private static final Map<RunStatus, Map<Class<? extends RunEvent>, RunStatus>> MOVES = Map.of(
            QUEUED,
            Map.of(
                    RunEvent.Admitted.class, QUEUED,
                    RunEvent.Started.class, IN_PROGRESS,
                    RunEvent.Resumed.class, IN_PROGRESS,
                    RunEvent.StopRequested.class, CANCELLING,
                    RunEvent.Failed.class, FAILED),
            IN_PROGRESS,
            Map.ofEntries(
                    entry(RunEvent.ActionRequired.class, REQUIRES_ACTION),
                    entry(RunEvent.StopRequested.class, CANCELLING),
                    entry(RunEvent.Completed.class, COMPLETED),
                    entry(RunEvent.Incomplete.class, INCOMPLETE),
                    entry(RunEvent.Failed.class, FAILED),
                    entry(RunEvent.ModelCallStarted.class, IN_PROGRESS),
                    entry(RunEvent.ModelCallEnded.class, IN_PROGRESS),
                    entry(RunEvent.ItemOpened.class, IN_PROGRESS),
                    entry(RunEvent.TextAppended.class, IN_PROGRESS),
                    entry(RunEvent.ReasoningAppended.class, IN_PROGRESS),
                    entry(RunEvent.ArgumentsAppended.class, IN_PROGRESS),
                    entry(RunEvent.ItemClosed.class, IN_PROGRESS)),
            REQUIRES_ACTION,
            Map.ofEntries(
                    entry(RunEvent.OutputsSubmitted.class, QUEUED),
                    entry(RunEvent.StopRequested.class, CANCELLING),
                    entry(RunEvent.Failed.class, FAILED),
                    entry(RunEvent.ModelCallStarted.class, REQUIRES_ACTION),
                    entry(RunEvent.ModelCallEnded.class, REQUIRES_ACTION),
                    entry(RunEvent.ItemOpened.class, REQUIRES_ACTION),
                    entry(RunEvent.TextAppended.class, REQUIRES_ACTION),
                    entry(RunEvent.ReasoningAppended.class, REQUIRES_ACTION),
                    entry(RunEvent.ArgumentsAppended.class, REQUIRES_ACTION),
                    entry(RunEvent.ItemClosed.class, REQUIRES_ACTION)),
            CANCELLING,
            Map.ofEntries(
                    entry(RunEvent.Failed.class, FAILED),
                    entry(RunEvent.Cancelled.class, CANCELLED),
                    entry(RunEvent.Expired.class, EXPIRED),
                    entry(RunEvent.ModelCallStarted.class, CANCELLING),
                    entry(RunEvent.ModelCallEnded.class, CANCELLING),
                    entry(RunEvent.ItemOpened.class, CANCELLING),
                    entry(RunEvent.TextAppended.class, CANCELLING),
                    entry(RunEvent.ReasoningAppended.class, CANCELLING),
                    entry(RunEvent.ArgumentsAppended.class, CANCELLING),
                    entry(RunEvent.ItemClosed.class, CANCELLING)),
            COMPLETED,
            Map.of(),
            INCOMPLETE,
            Map.of(),
            FAILED,
            Map.of(),
            CANCELLED,
            Map.of(),
            EXPIRED,
            Map.of());

    @ParameterizedTest
    @EnumSource
    void aRunMovesAsTheTableSaysAndInNoOtherWay(RunStatus status) {
        for (RunEvent event : EVENTS) {
            RunStatus next = MOVES.get(status).get(event.getClass());
            if (next != null) {
                assertThat(status.after(event)).isEqualTo(next);
            } else {
                assertThatThrownBy(() -> status.after(event))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(status.toString());
            }
        }
    }

    @Test
    void theTableKnowsEveryEvent() {
        Set<Class<?>> known = new HashSet<>();
        EVENTS.forEach(event -> known.add(event.getClass()));

        assertThat(known).isEqualTo(recordsOf(RunEvent.class));
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsEitherActiveOrEnded(RunStatus status) {
        assertThat(status.isTerminal()).isEqualTo(MOVES.get(status).isEmpty()).isNotEqualTo(status.isActive());
    }

    private static Set<Class<?>> recordsOf(Class<?> type) {
        if (!type.isSealed()) {
            return Set.of(type);
        }
        var records = new HashSet<Class<?>>();
        Arrays.stream(type.getPermittedSubclasses()).forEach(sub -> records.addAll(recordsOf(sub)));
        return records;
    }
}
