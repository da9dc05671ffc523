package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the database of the tests holds of a run; touched only under its lock. */
final class RunRow {
    final RunId run;
    private final Strategy strategy;
    RunStatus status = RunStatus.QUEUED;
    boolean logged;
    private long nextRunSeq;
    private Optional<ActiveRun.Begun> begun = Optional.empty();
    private List<Item.FunctionCall> required = List.of();
    private int items;
    private int modelCall;

    RunRow(RunId run, Strategy strategy) {
        this.run = run;
        this.strategy = strategy;
    }

    void apply(long seq, ThreadEvent.OfRun event) {
        status = status.after(event.event());
        logged = true;
        nextRunSeq = event.runSeq() + 1;
        switch (event.event()) {
            case RunEvent.Started started -> begun = Optional.of(new ActiveRun.Begun(seq, started.expiresAt()));
            case RunEvent.ActionRequired action -> required = action.calls();
            case RunEvent.OutputsSubmitted _ -> required = List.of();
            case RunEvent.ModelCallStarted call -> modelCall = call.modelCall();
            case RunEvent.ItemOpened opened -> items = Math.max(items, opened.outputIndex() + 1);
            default -> {}
        }
    }

    /** The same output for each of the calls it waits for, in the places behind its items. */
    List<InboxEntry.Output> answers(String output) {
        var answers = new ArrayList<InboxEntry.Output>();
        for (Item.FunctionCall call : required) {
            var answer = new Item.FunctionCallOutput(call.call(), output);
            answers.add(new InboxEntry.Output(items + answers.size(), ItemId.fresh(), modelCall, answer));
        }
        return answers;
    }

    boolean needsAnOwner() {
        return status.isActive() && status != RunStatus.REQUIRES_ACTION;
    }

    /** While it waits for its client, for which nobody attends to it. */
    boolean hasExpired(Instant now) {
        return status == RunStatus.REQUIRES_ACTION
                && begun.filter(start -> !start.expiresAt().isAfter(now)).isPresent();
    }

    ActiveRun asActive(long turn) {
        return new ActiveRun(run, turn, strategy, status, nextRunSeq, begun);
    }
}
