package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;

/** What requests write for a thread's owner, each call one committed transaction. The contracts speak through it. */
public interface Requests {
    /** A thread without events and without an owner. */
    ThreadKey newThread();

    /** Admits a run to the thread's next turn, and asks the owner to log and start it. */
    RunKey admit(ThreadKey thread, Strategy strategy);

    /** Asks the owner to stop a run. */
    void askStop(RunKey run, StopCause cause);

    /** Brings the outputs of all calls that a paused run waits for, each the same. */
    void submitOutputs(RunKey run, String output);

    /** Takes a message out of its thread, and asks the owner to log that. */
    void deleteMessage(ThreadKey thread, ItemId message);

    /** Adds a user's message at the thread's next turn, and asks the owner to log it. */
    ItemId addMessage(ThreadKey thread, String text);
}
