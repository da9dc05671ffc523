package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;

/** Something a request asks of a thread's owner. Ids grow in the order in which the requests were committed. */
public sealed interface InboxEntry {
    long id();

    /** A run was admitted: it is stored with its turn and inputs, and waits to be logged and started. */
    record RunAdmitted(long id, RunId run, long turn, Strategy strategy) implements InboxEntry {}

    /** A run shall stop, if it has not ended when this is read. */
    record StopAsked(long id, RunId run, StopCause cause) implements InboxEntry {}

    /** A message was added by its client: it is stored with its turn, and waits to be logged. */
    record MessageAdded(long id, long turn, ItemId item, Item.Message message) implements InboxEntry {}
}
