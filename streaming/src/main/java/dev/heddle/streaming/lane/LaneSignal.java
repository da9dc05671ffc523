package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;

/** What the merged works of a lane's runs say. */
sealed interface LaneSignal {
    LaneRun run();

    record Happened(LaneRun run, RunEvent event) implements LaneSignal {}

    /** The work ended without a terminal event. */
    record Broke(LaneRun run, RunFailure failure) implements LaneSignal {}
}
