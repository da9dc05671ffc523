package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;

/** Translates the answer to one model call into events of its run. One instance a call; takes pieces in order. */
final class ModelTurn {
    private static final int MAX_ANSWER_CHARS = 4_000_000;

    private final int modelCall;
    private final int outputIndex;
    private final ItemId message = ItemId.fresh();
    private final StringBuilder text = new StringBuilder();
    private Usage usage = Usage.NONE;

    ModelTurn(int modelCall, int outputIndex) {
        this.modelCall = modelCall;
        this.outputIndex = outputIndex;
    }

    List<RunEvent> events(ModelEvent event) {
        return switch (event) {
            case ModelEvent.Text piece -> append(piece.text());
            case ModelEvent.Used used -> count(used.usage());
            case ModelEvent.Finished finished -> finish(finished.reason());
        };
    }

    /** A message takes its place only when its first text is there. */
    private List<RunEvent> append(String piece) {
        var appended = new RunEvent.TextAppended(outputIndex, message, piece);
        boolean first = text.isEmpty();
        if (text.length() + piece.length() > MAX_ANSWER_CHARS) {
            throw new ProblemException(new Problem.ModelFailed(
                    RunFailure.serverError("The model's answer is longer than " + MAX_ANSWER_CHARS + " characters.")));
        }
        text.append(piece);
        return first ? List.of(opened(), appended) : List.of(appended);
    }

    private RunEvent opened() {
        return new RunEvent.ItemOpened(outputIndex, message, modelCall, new Item.Message(Role.ASSISTANT, List.of()));
    }

    private List<RunEvent> count(Usage used) {
        usage = used;
        return List.of();
    }

    private List<RunEvent> finish(ModelEvent.FinishReason reason) {
        var events = new ArrayList<RunEvent>();
        RunEvent.Terminal end = end(reason);
        if (!text.isEmpty()) {
            Item whole = Item.Message.of(Role.ASSISTANT, text.toString());
            events.add(new RunEvent.ItemClosed(outputIndex, message, ItemStatus.cutBy(end), whole, usage));
        }
        events.add(new RunEvent.ModelCallEnded(modelCall, usage));
        events.add(end);
        return events;
    }

    private RunEvent.Terminal end(ModelEvent.FinishReason reason) {
        return switch (reason) {
            case STOP -> new RunEvent.Completed(usage);
            case MAX_TOKENS -> new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, usage);
            case CONTENT_FILTER -> new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, usage);
        };
    }
}
