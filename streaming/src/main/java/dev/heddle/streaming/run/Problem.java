package dev.heddle.streaming.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every reason for which a request is refused. Each facade renders them with one switch. */
public sealed interface Problem {
    /**
     * A member of the request is not what the protocol allows; {@code code} and {@code param} are the protocol's, empty
     * where it has none.
     */
    record InvalidRequest(String code, String param, String message) implements Problem {}

    /** The request's body is larger than this instance reads. */
    record RequestTooLarge(long maxBytes) implements Problem {}

    /** An id that looks right to the protocol and was never given to anything; {@code kind} says of what it was. */
    record UnknownId(String kind, String id) implements Problem {}

    record ThreadNotFound(ThreadId thread) implements Problem {}

    record RunNotFound(RunId run) implements Problem {}

    record ItemNotFound(ItemId item) implements Problem {}

    record AssistantNotFound(AssistantId assistant) implements Problem {}

    /** Strategy {@code reject}: the thread has an active run. */
    record ThreadBusy(ThreadId thread, RunId activeRun) implements Problem {}

    /** A message was to be added as soon as the thread is idle, and it did not fall idle in time. */
    record StillBusy(ThreadId thread, List<ActiveRun> activeRuns) implements Problem {
        public StillBusy {
            activeRuns = List.copyOf(activeRuns);
        }

        /** A run that keeps the thread busy; {@code age} counts from its creation. */
        public record ActiveRun(
                RunId run, @Nullable AssistantId assistant, RunStatus status, Instant createdAt, Duration age) {}
    }

    /** A message was to be added while a run is active, where that is refused. */
    record MessageWhileActive(ThreadId thread, RunId activeRun) implements Problem {}

    /** As many runs wait on the thread as are allowed to. */
    record QueueFull(ThreadId thread, int maxQueuedRuns) implements Problem {}

    /** A stop was asked of a run that has ended, or was asked to stop before. */
    record NotStoppable(RunId run, RunStatus status) implements Problem {}

    /** Outputs were brought to a run that does not wait for any. */
    record NotAwaitingOutputs(RunId run, RunStatus status) implements Problem {}

    /** Not exactly the outputs that the run waits for. */
    record WrongOutputs(RunId run, List<CallId> expected, List<CallId> got) implements Problem {
        public WrongOutputs {
            expected = List.copyOf(expected);
            got = List.copyOf(got);
        }
    }

    /** A run was to go on from one that has not ended. */
    record RunNotFinal(RunId run, RunStatus status) implements Problem {}

    /** No server here has a model of this name. */
    record ModelNotFound(String model) implements Problem {}

    /** A run was to be withdrawn from the queue, and waits there no more. */
    record NotQueued(RunId run, RunStatus status) implements Problem {}

    /** A message was to be deleted that its run is still writing. */
    record ItemInProgress(ItemId item) implements Problem {}

    /** A key of a request was used before, for another request. */
    record KeyReused(String key) implements Problem {}

    /** The model's server gave no answer, or broke it off; ends the run as failed. */
    record ModelFailed(RunFailure failure) implements Problem {}
}
