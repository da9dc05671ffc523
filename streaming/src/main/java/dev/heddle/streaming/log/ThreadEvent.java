package dev.heddle.streaming.log;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;

/** What a thread's log is made of. */
public sealed interface ThreadEvent {
    /** Something happened to a run; {@code runSeq} counts the events of that run from 0 without gaps. */
    record OfRun(RunId run, long runSeq, RunEvent event) implements ThreadEvent {}

    /** A client added an item, mostly a message, outside of any run. */
    record ItemAdded(ItemId item, Item content) implements ThreadEvent {}

    /** From here on, only appends of this epoch or a later one are accepted. */
    record OwnerChanged(NodeId node, long epoch) implements ThreadEvent {}

    /** A client deleted an item: it is in no list and no context any more. */
    record ItemDeleted(ItemId item, Item.Kind kind) implements ThreadEvent {}

    /** These turns are in no list and no context any more; logged behind the last event of their runs. */
    record TurnsWithdrawn(List<Long> turns) implements ThreadEvent {
        public TurnsWithdrawn {
            turns = List.copyOf(turns);
        }
    }

    /** The turns {@code firstTurn … lastTurn}, both included, are copies of settled turns of another thread. */
    record TurnsImported(ThreadId from, long firstTurn, long lastTurn) implements ThreadEvent {}
}
