package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunEvent;
import java.util.List;

/** An event that waits for its number, and the inbox entries that it makes true. */
sealed interface Waiting {
    List<Long> inbox();

    long turn();

    /** Whether it and the event in front of it make the same entries true: then both or none of them are stored. */
    default boolean answers(List<Long> entries) {
        return !entries.isEmpty() && inbox().equals(entries);
    }

    /** Events of one owner stand together in an append, and are refused together. */
    Object owner();

    /** {@code fromWork}: it came through the merge, which counts what is in flight. */
    record OfRun(LaneRun run, RunEvent event, List<Long> inbox, boolean fromWork) implements Waiting {
        @Override
        public long turn() {
            return run.key().turn();
        }

        @Override
        public Object owner() {
            return run;
        }
    }

    record OfThread(long turn, ThreadEvent event, List<Long> inbox) implements Waiting {
        @Override
        public Object owner() {
            return this;
        }
    }
}
