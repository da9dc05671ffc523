package dev.heddle.streaming.run;

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

    /** A message was to be added while a run is active, where that is refused. */
    record MessageWhileActive(ThreadId thread, RunId activeRun) implements Problem {}

    /** As many runs wait on the thread as are allowed to. */
    record QueueFull(ThreadId thread, int maxQueuedRuns) implements Problem {}

    /** A stop was asked of a run that has ended, or was asked to stop before. */
    record NotStoppable(RunId run, RunStatus status) implements Problem {}

    /** The model's server gave no answer, or broke it off; ends the run as failed. */
    record ModelFailed(RunFailure failure) implements Problem {}
}
