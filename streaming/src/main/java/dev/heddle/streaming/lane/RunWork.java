package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import reactor.core.publisher.Flux;

/** What a run does between its start and its end. */
public interface RunWork {
    /**
     * The events of a run after {@code Started} or {@code Resumed}, up to the event that ends or pauses it. What the run
     * has done before stands in its items: a work that is begun again goes on behind them. An error ends the run as
     * failed: a {@code ModelFailed} problem with its own words, anything else as a server error. Cancelling aborts the
     * model call; the lane then closes what is open. Demand is passed on to the model's socket.
     */
    Flux<RunEvent> events(StartedRun run);

    /** A run that has started, and the number of its {@code Started} event: what was settled before it is its context. */
    record StartedRun(RunKey key, long startedSeq) {}
}
