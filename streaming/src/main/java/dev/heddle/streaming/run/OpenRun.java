package dev.heddle.streaming.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run has said so far, folded from its events: enough to end it in good order at any moment, after a stop, a
 * failure or a crash. Mutable and confined to one reader, because it gathers text.
 */
public final class OpenRun {
    private final SortedMap<Integer, OpenItem> openItems = new TreeMap<>();
    private RunStatus status = RunStatus.QUEUED;
    private Usage usage = Usage.NONE;
    private @Nullable StopCause stopCause;
    private boolean callHasShown;
    private long size;

    private record OpenItem(RunEvent.ItemOpened opened, StringBuilder said) {
        Item soFar() {
            return switch (opened.start()) {
                case Item.Message message ->
                    said.isEmpty() ? message : Item.Message.of(message.role(), said.toString());
                case Item.FunctionCall call -> new Item.FunctionCall(call.call(), call.name(), said.toString());
                case Item.FunctionCallOutput output -> output;
                case Item.Reasoning _ -> new Item.Reasoning(said.toString());
                case Item.Compaction compaction -> compaction;
            };
        }

        RunEvent closedBy(RunEvent.Terminal terminal) {
            return new RunEvent.ItemClosed(
                    opened.outputIndex(), opened.item(), ItemStatus.cutBy(terminal), soFar(), Usage.NONE);
        }
    }

    public RunStatus status() {
        return status;
    }

    /** How many events it has taken; the next one's {@code run_seq}. */
    public long size() {
        return size;
    }

    /**
     * Whether its work may be begun again where it stands: it works, and its current model call, if there is one, has
     * shown nothing yet that a second attempt could contradict.
     */
    public boolean mayContinue() {
        return status == RunStatus.IN_PROGRESS && !callHasShown && openItems.isEmpty();
    }

    /** Takes the run's next event. */
    public OpenRun add(RunEvent event) {
        status = status.after(event);
        size++;
        switch (event) {
            case RunEvent.ModelCallStarted _ -> callHasShown = false;
            case RunEvent.ModelCallEnded ended -> callEnded(ended);
            case RunEvent.ItemOpened opened -> open(opened);
            case RunEvent.TextAppended appended -> append(appended.outputIndex(), appended.text());
            case RunEvent.ReasoningAppended appended -> append(appended.outputIndex(), appended.text());
            case RunEvent.ArgumentsAppended appended -> append(appended.outputIndex(), appended.arguments());
            case RunEvent.ItemClosed closed -> openItems.remove(closed.outputIndex());
            case RunEvent.StopRequested stop -> stopCause = stop.cause();
            case RunEvent.Lifecycle _ -> {}
        }
        return this;
    }

    /**
     * The events that end the run: as stopped when a stop was logged, otherwise as failed. What is open is closed with
     * what it has.
     */
    public List<RunEvent> ending(RunFailure otherwise) {
        return closing(stopCause == null ? new RunEvent.Failed(otherwise, usage) : stopCause.ending(usage));
    }

    private void callEnded(RunEvent.ModelCallEnded ended) {
        usage = usage.plus(ended.usage());
        callHasShown = false;
    }

    private void open(RunEvent.ItemOpened opened) {
        openItems.put(opened.outputIndex(), new OpenItem(opened, new StringBuilder()));
        callHasShown |= !(opened.start() instanceof Item.FunctionCallOutput);
    }

    private void append(int outputIndex, String piece) {
        OpenItem open = openItems.get(outputIndex);
        if (open == null) {
            throw new IllegalStateException("No item is open at output index " + outputIndex);
        }
        open.said().append(piece);
    }

    private List<RunEvent> closing(RunEvent.Terminal terminal) {
        var events = new ArrayList<RunEvent>();
        openItems.values().forEach(item -> events.add(item.closedBy(terminal)));
        events.add(terminal);
        return events;
    }
}
