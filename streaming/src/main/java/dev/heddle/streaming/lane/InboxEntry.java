package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import java.util.List;

/** Something a request asks of a thread's owner. Ids grow in the order in which the requests were committed. */
public sealed interface InboxEntry {
    long id();

    /** A run was admitted: it is stored with its turn and inputs, and waits to be logged and started. */
    record RunAdmitted(long id, RunId run, long turn, Strategy strategy) implements InboxEntry {}

    /** A run shall stop, if it has not ended when this is read. */
    record StopAsked(long id, RunId run, StopCause cause) implements InboxEntry {}

    /** An item was added by a client: it is stored with its turn, and waits to be logged. */
    record ItemAdded(long id, long turn, ItemId item, Item content) implements InboxEntry {}

    /** The outputs that a paused run waits for, all of them, in the order of its calls. At most one a pause. */
    record OutputsSubmitted(long id, RunId run, List<Output> outputs) implements InboxEntry {
        public OutputsSubmitted {
            outputs = List.copyOf(outputs);
        }
    }

    /** The place that was chosen for an output, behind the items of its model call. */
    record Output(int outputIndex, ItemId item, int modelCall, Item.FunctionCallOutput output) {
        /** The events that put it there. */
        List<RunEvent> events() {
            return RunEvent.outputPlaced(outputIndex, item, modelCall, output);
        }
    }

    /** The thread itself was changed, which is true already; it waits to be logged. */
    record ThreadChanged(long id, ThreadEvent event) implements InboxEntry {}
}
