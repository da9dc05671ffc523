package dev.heddle.streaming.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run has said so far, folded from its events: enough to end it in good order at any moment, after a stop, a
 * failure or a crash. Mutable and confined to one reader, because it gathers text.
 */
public final class OpenRun {
    private RunStatus status = RunStatus.QUEUED;
    private Usage usage = Usage.NONE;
    private RunEvent.@Nullable ItemOpened openItem;
    private final StringBuilder text = new StringBuilder();
    private @Nullable StopCause stopCause;
    private long size;

    public RunStatus status() {
        return status;
    }

    /** How many events it has taken; the next one's {@code run_seq}. */
    public long size() {
        return size;
    }

    /** Takes the run's next event. */
    public OpenRun add(RunEvent event) {
        status = status.after(event);
        size++;
        switch (event) {
            case RunEvent.ItemOpened opened -> open(opened);
            case RunEvent.TextAppended appended -> text.append(appended.text());
            case RunEvent.ItemClosed _ -> openItem = null;
            case RunEvent.ModelCallEnded ended -> usage = usage.plus(ended.usage());
            case RunEvent.StopRequested stop -> stopCause = stop.cause();
            case RunEvent.Lifecycle _, RunEvent.ModelCallStarted _ -> {}
        }
        return this;
    }

    /**
     * The events that end the run: as stopped when a stop was logged, otherwise as failed. What is open is closed with
     * the text it has.
     */
    public List<RunEvent> ending(RunFailure otherwise) {
        return stopCause == null ? failing(otherwise) : closing(stopCause.ending(usage));
    }

    private List<RunEvent> failing(RunFailure failure) {
        return closing(new RunEvent.Failed(failure, usage));
    }

    private void open(RunEvent.ItemOpened opened) {
        openItem = opened;
        text.setLength(0);
    }

    private List<RunEvent> closing(RunEvent.Terminal terminal) {
        var events = new ArrayList<RunEvent>();
        if (openItem != null) {
            events.add(new RunEvent.ItemClosed(
                    openItem.outputIndex(),
                    openItem.item(),
                    ItemStatus.cutBy(terminal),
                    partial(openItem.start()),
                    Usage.NONE));
        }
        events.add(terminal);
        return events;
    }

    private Item partial(Item start) {
        return switch (start) {
            case Item.Message message -> text.isEmpty() ? message : Item.Message.of(message.role(), text.toString());
        };
    }
}
