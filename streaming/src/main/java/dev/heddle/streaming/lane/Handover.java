package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.ThreadKey;
import java.util.List;

/**
 * A thread that was created as this instance's own: nobody has owned it before, and this is what stood in its inbox when
 * it was committed, whole and in order.
 */
public record Handover(ThreadKey thread, OwnedThread owned, List<InboxEntry> asked) {
    public Handover {
        asked = List.copyOf(asked);
    }
}
