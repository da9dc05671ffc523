package dev.heddle.streaming.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A fact about a run: past tense, immutable, replayable. New facts are new records, never new flags. */
public sealed interface RunEvent {
    /** Moves the run's status; see {@link RunStatus#after}. */
    sealed interface Lifecycle extends RunEvent {}

    /** Ends the run. Nothing is logged for the run after it. {@code usage} is the sum over its model calls. */
    sealed interface Terminal extends Lifecycle {
        Usage usage();
    }

    /** Belongs to one output item, named by its output index (0, 1, 2 … by first appearance) and its id. */
    sealed interface Output extends RunEvent {
        int outputIndex();

        ItemId item();
    }

    /** The run has its turn and waits for its start. Always the run's first event. */
    record Admitted() implements Lifecycle {}

    /** The run began to work; unless it ends before, it expires at the given time, to the millisecond. */
    record Started(Instant expiresAt) implements Lifecycle {
        public Started {
            // What is stored has no more: those who saw the event live and those who read it must see the same.
            expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /**
     * The run waits for its client to bring the outputs of these calls, in the order of the calls; its other calls have
     * theirs. It holds nothing meanwhile, and its time goes on.
     */
    record ActionRequired(List<Item.FunctionCall> calls) implements Lifecycle {
        public ActionRequired {
            calls = List.copyOf(calls);
        }
    }

    /** The outputs of all calls it waited for are there, as items in front of this; the run waits to go on. */
    record OutputsSubmitted() implements Lifecycle {}

    /** The run goes on. */
    record Resumed() implements Lifecycle {}

    /** Somebody asked the run to stop, and the run had not ended before. */
    record StopRequested(StopCause cause) implements Lifecycle {}

    record Completed(Usage usage) implements Terminal {}

    record Incomplete(IncompleteReason reason, Usage usage) implements Terminal {}

    record Failed(RunFailure failure, Usage usage) implements Terminal {}

    record Cancelled(StopCause cause, Usage usage) implements Terminal {}

    record Expired(Usage usage) implements Terminal {}

    /** A request went to the model; calls of a run count from 0. */
    record ModelCallStarted(int modelCall) implements RunEvent {}

    /** The model has answered that request; {@code usage} is this call's own. */
    record ModelCallEnded(int modelCall, Usage usage) implements RunEvent {}

    /** An item takes its place in the transcript; {@code start} is what is known of it (a message without content). */
    record ItemOpened(int outputIndex, ItemId item, int modelCall, Item start) implements Output {}

    /** More text at the end of the open message. Never empty. */
    record TextAppended(int outputIndex, ItemId item, String text) implements Output {}

    /** More text at the end of the open reasoning. Never empty. */
    record ReasoningAppended(int outputIndex, ItemId item, String text) implements Output {}

    /** More at the end of the arguments of an open function call. Never empty. */
    record ArgumentsAppended(int outputIndex, ItemId item, String arguments) implements Output {}

    /** How the output of a function call takes its place: whole, at once. */
    static List<RunEvent> outputPlaced(int outputIndex, ItemId item, int modelCall, Item.FunctionCallOutput output) {
        var start = new Item.FunctionCallOutput(output.call(), "");
        return List.of(
                new ItemOpened(outputIndex, item, modelCall, start),
                new ItemClosed(outputIndex, item, ItemStatus.COMPLETED, output, Usage.NONE));
    }

    /** The item will not change any more; {@code end} is the whole of it, {@code usage} what its step cost. */
    record ItemClosed(int outputIndex, ItemId item, ItemStatus status, Item end, Usage usage) implements Output {}
}
