package dev.heddle.gateway.engine;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.streaming.run.CallId;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Translates the answer to one model call into events of its run: a message, then function calls, as far as there are
 * any. One instance a call; takes pieces in order.
 */
final class ModelTurn {
    private static final int MAX_ANSWER_CHARS = 4_000_000;

    private final int modelCall;
    private final boolean parallel;
    private final List<OpenCall> calls = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int nextOutputIndex;
    private @Nullable OpenMessage message;
    private int chars;
    private Usage usage = Usage.NONE;
    private Optional<IncompleteReason> cut = Optional.empty();

    private record OpenMessage(int outputIndex, ItemId item) {}

    private record OpenCall(int outputIndex, ItemId item, CallId call, String name, StringBuilder arguments) {
        Item.FunctionCall whole() {
            return new Item.FunctionCall(call, name, arguments.toString());
        }
    }

    ModelTurn(int modelCall, int outputIndex, boolean parallel) {
        this.modelCall = modelCall;
        this.nextOutputIndex = outputIndex;
        this.parallel = parallel;
    }

    List<RunEvent> events(ModelEvent event) {
        return switch (event) {
            case ModelEvent.Text piece -> say(piece.text());
            case ModelEvent.CallBegun begun -> begin(begun);
            case ModelEvent.Arguments arguments -> append(arguments);
            case ModelEvent.Used used -> count(used.usage());
            case ModelEvent.Finished finished -> finish(finished.reason());
        };
    }

    /** What the model asked for, once its answer is over; empty when it was cut short. */
    List<Item.FunctionCall> calls() {
        return cut.isPresent() ? List.of() : calls.stream().map(OpenCall::whole).toList();
    }

    String text() {
        return text.toString();
    }

    Usage usage() {
        return usage;
    }

    Optional<IncompleteReason> cut() {
        return cut;
    }

    /** The output index behind its items. */
    int nextOutputIndex() {
        return nextOutputIndex;
    }

    /** A message takes its place only when its first text is there. Behind a call there is no place for text. */
    private List<RunEvent> say(String piece) {
        if (!calls.isEmpty()) {
            return List.of();
        }
        grow(piece);
        text.append(piece);
        if (message != null) {
            return List.of(new RunEvent.TextAppended(message.outputIndex(), message.item(), piece));
        }
        var open = new OpenMessage(nextOutputIndex++, ItemId.fresh());
        message = open;
        var start = new Item.Message(Role.ASSISTANT, List.of());
        return List.of(
                new RunEvent.ItemOpened(open.outputIndex(), open.item(), modelCall, start),
                new RunEvent.TextAppended(open.outputIndex(), open.item(), piece));
    }

    private List<RunEvent> begin(ModelEvent.CallBegun begun) {
        if (!calls.isEmpty() && !parallel) {
            return List.of();
        }
        var events = new ArrayList<RunEvent>(closeMessage(ItemStatus.COMPLETED, Usage.NONE));
        var call =
                new OpenCall(nextOutputIndex++, ItemId.fresh(), CallId.fresh(), begun.function(), new StringBuilder());
        calls.add(call);
        events.add(new RunEvent.ItemOpened(call.outputIndex(), call.item(), modelCall, call.whole()));
        return events;
    }

    private List<RunEvent> append(ModelEvent.Arguments arguments) {
        if (arguments.call() >= calls.size()) {
            return List.of(); // Of a call that is not made, since only one may be.
        }
        grow(arguments.piece());
        OpenCall call = calls.get(arguments.call());
        call.arguments().append(arguments.piece());
        return List.of(new RunEvent.ArgumentsAppended(call.outputIndex(), call.item(), arguments.piece()));
    }

    private void grow(String piece) {
        chars += piece.length();
        if (chars > MAX_ANSWER_CHARS) {
            throw new ProblemException(new Problem.ModelFailed(
                    RunFailure.serverError("The model's answer is longer than " + MAX_ANSWER_CHARS + " characters.")));
        }
    }

    private List<RunEvent> count(Usage used) {
        usage = used;
        return List.of();
    }

    private List<RunEvent> finish(FinishReason reason) {
        cut = switch (reason) {
            case STOP, TOOL_CALLS -> Optional.empty();
            case MAX_TOKENS -> Optional.of(IncompleteReason.MAX_COMPLETION_TOKENS);
            case CONTENT_FILTER -> Optional.of(IncompleteReason.CONTENT_FILTER);
        };
        ItemStatus status = cut.map(ItemStatus::cutFor).orElse(ItemStatus.COMPLETED);
        var events = new ArrayList<RunEvent>(closeMessage(status, usage));
        for (int i = 0; i < calls.size(); i++) {
            events.add(closed(calls.get(i), status, i == 0 ? usage : Usage.NONE));
        }
        events.add(new RunEvent.ModelCallEnded(modelCall, usage));
        return events;
    }

    /** What the answer cost is told by its last step: that of the calls, if there are any. */
    private List<RunEvent> closeMessage(ItemStatus status, Usage cost) {
        if (message == null || !calls.isEmpty()) {
            return List.of();
        }
        Item whole = Item.Message.of(Role.ASSISTANT, text.toString());
        return List.of(new RunEvent.ItemClosed(message.outputIndex(), message.item(), status, whole, cost));
    }

    private static RunEvent closed(OpenCall call, ItemStatus status, Usage cost) {
        return new RunEvent.ItemClosed(call.outputIndex(), call.item(), status, call.whole(), cost);
    }
}
