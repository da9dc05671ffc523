package dev.heddle.streaming.log;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;

/** What a thread's log is made of. */
public sealed interface ThreadEvent {
    /** Something happened to a run; {@code runSeq} counts the events of that run from 0 without gaps. */
    record OfRun(RunId run, long runSeq, RunEvent event) implements ThreadEvent {}

    /** A client added a message, outside of any run. */
    record MessageAdded(ItemId item, Item.Message message) implements ThreadEvent {}

    /** From here on, only appends of this epoch or a later one are accepted. */
    record OwnerChanged(NodeId node, long epoch) implements ThreadEvent {}
}
