package dev.heddle.streaming.lane;

import java.time.Duration;

/**
 * The bounds of one lane.
 *
 * @param maxRunningRuns runs that work at the same time on a thread; further ones wait
 * @param maxEventsInFlight events taken from the runs and not yet stored; beyond it the models' sockets fill
 * @param prefetch events asked of each run ahead of the merge
 * @param maxEventsPerAppend events in one append
 * @param runExpiry how long a run may work
 * @param linger how long a lane stays after its thread fell idle, for readers that have not read the end yet
 */
public record LaneSettings(
        int maxRunningRuns,
        int maxEventsInFlight,
        int prefetch,
        int maxEventsPerAppend,
        Duration runExpiry,
        Duration linger) {
    public static final LaneSettings DEFAULT =
            new LaneSettings(16, 256, 32, 512, Duration.ofMinutes(10), Duration.ofSeconds(1));
}
