package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Turns the work of a run into signals for its lane: never an error, and always a last word. */
final class LaneWork {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWork.class);

    private static final RunFailure NO_END = RunFailure.serverError("The run stopped without an end.");

    private final RunWork work;

    LaneWork(RunWork work) {
        this.work = work;
    }

    /** Ends after the event that ends or pauses the run, or with {@code Broke}; at once when the run is aborted. */
    Flux<LaneSignal> signals(LaneRun run, long startedSeq) {
        return Flux.defer(() -> work.events(new RunWork.StartedRun(run.key(), startedSeq)))
                .doOnNext(LaneWork::requireAWorksWord)
                .concatWith(Mono.error(() -> new ProblemException(new Problem.ModelFailed(NO_END))))
                .takeUntil(LaneWork::isLast)
                .takeUntilOther(run.abort().asMono())
                .<LaneSignal>map(event -> new LaneSignal.Happened(run, event))
                .onErrorResume(error -> Mono.just(new LaneSignal.Broke(run, failureOf(run, error))));
    }

    private static boolean isLast(RunEvent event) {
        return event instanceof RunEvent.Terminal || event instanceof RunEvent.ActionRequired;
    }

    /** Admission, start and stop are the lane's to tell; logged by a work, they would make the run impossible to fold. */
    private static void requireAWorksWord(RunEvent event) {
        switch (event) {
            case RunEvent.Admitted _,
                    RunEvent.Started _,
                    RunEvent.OutputsSubmitted _,
                    RunEvent.Resumed _,
                    RunEvent.StopRequested _,
                    RunEvent.Cancelled _,
                    RunEvent.Expired _ -> throw new IllegalStateException("A work cannot say " + event);
            case RunEvent.Completed _,
                    RunEvent.Incomplete _,
                    RunEvent.Failed _,
                    RunEvent.ActionRequired _,
                    RunEvent.ModelCallStarted _,
                    RunEvent.ModelCallEnded _,
                    RunEvent.Output _ -> {}
        }
    }

    private static RunFailure failureOf(LaneRun run, Throwable error) {
        if (error instanceof ProblemException exception
                && exception.problem() instanceof Problem.ModelFailed(RunFailure failure)) {
            return failure;
        }
        LOG.error("Run {} failed by a fault of the gateway", run.key().id(), error);
        return RunFailure.serverError("The gateway failed while this run was working.");
    }
}
