package dev.heddle.gateway.engine;

import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.persistence.Conduct;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Translates the answer to one model call into events of its run. Of reasoning and messages one at most is open at a
 * time; function calls stay open until the answer ends, since their pieces may take turns. One instance a call; takes
 * pieces in order.
 */
final class ModelTurn {
    private static final int MAX_ANSWER_CHARS = 4_000_000;

    private final int modelCall;
    private final boolean parallel;
    private final Conduct conduct;
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> calls = new ArrayList<>();
    private int nextOutputIndex;
    private @Nullable Part open;
    private int chars;
    private Usage usage = Usage.NONE;
    private Optional<IncompleteReason> cut = Optional.empty();

    /** An item of the answer, and what has come of its text or its arguments. */
    private record Part(int outputIndex, ItemId item, Item start, StringBuilder said) {
        Item soFar() {
            return switch (start) {
                case Item.Message message -> Item.Message.of(message.role(), said.toString());
                case Item.Reasoning _ -> new Item.Reasoning(said.toString());
                case Item.FunctionCall call -> new Item.FunctionCall(call.call(), call.name(), said.toString());
                case Item.FunctionCallOutput _, Item.Compaction _ -> start;
            };
        }

        RunEvent closed(ItemStatus status, Usage cost) {
            return new RunEvent.ItemClosed(outputIndex, item, status, soFar(), cost);
        }
    }

    ModelTurn(int modelCall, int outputIndex, boolean parallel, Conduct conduct) {
        this.modelCall = modelCall;
        this.nextOutputIndex = outputIndex;
        this.parallel = parallel;
        this.conduct = conduct;
    }

    List<RunEvent> events(ModelEvent event) {
        return switch (event) {
            case ModelEvent.Text piece -> say(piece.text());
            case ModelEvent.Reasoning reasoning -> reason(reasoning.piece());
            case ModelEvent.CallBegun begun -> begin(begun);
            case ModelEvent.Arguments arguments -> append(arguments);
            case ModelEvent.Used used -> count(used.usage());
            case ModelEvent.Finished finished -> finish(finished.reason());
        };
    }

    /** What the model asked for, once its answer is over; empty when it was cut short. */
    List<Item.FunctionCall> calls() {
        return cut.isPresent()
                ? List.of()
                : items().stream()
                        .filter(Item.FunctionCall.class::isInstance)
                        .map(Item.FunctionCall.class::cast)
                        .toList();
    }

    /** Everything it has said, by output index. */
    List<Item> items() {
        return parts.stream().map(Part::soFar).toList();
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

    private List<RunEvent> say(String piece) {
        if (isLeftOut(piece)) {
            return List.of();
        }
        grow(piece);
        Part message = open;
        if (message != null && message.start() instanceof Item.Message) {
            message.said().append(piece);
            return List.of(new RunEvent.TextAppended(message.outputIndex(), message.item(), piece));
        }
        var events = new ArrayList<RunEvent>();
        Part opened = opened(new Item.Message(Role.ASSISTANT, List.of()), piece, events);
        events.add(new RunEvent.TextAppended(opened.outputIndex(), opened.item(), piece));
        return events;
    }

    /**
     * Behind a call of a run that pauses there is no place for text. Elsewhere what begins there with nothing but white
     * space is the layout of a server's template, and nothing that is said.
     */
    private boolean isLeftOut(String piece) {
        return !calls.isEmpty() && (!conduct.endsAtCalls() || (open == null && piece.isBlank()));
    }

    private List<RunEvent> reason(String piece) {
        if (!conduct.tellsReasoning()) {
            return List.of();
        }
        grow(piece);
        Part reasoning = open;
        if (reasoning != null && reasoning.start() instanceof Item.Reasoning) {
            reasoning.said().append(piece);
            return List.of(new RunEvent.ReasoningAppended(reasoning.outputIndex(), reasoning.item(), piece));
        }
        var events = new ArrayList<RunEvent>();
        Part opened = opened(new Item.Reasoning(""), piece, events);
        events.add(new RunEvent.ReasoningAppended(opened.outputIndex(), opened.item(), piece));
        return events;
    }

    /** An item takes its place only when its first piece is there. */
    private Part opened(Item start, String piece, List<RunEvent> events) {
        closeOpen(events);
        Part part = place(start, events);
        part.said().append(piece);
        open = part;
        return part;
    }

    private void closeOpen(List<RunEvent> events) {
        if (open != null) {
            events.add(open.closed(ItemStatus.COMPLETED, Usage.NONE));
            open = null;
        }
    }

    private Part place(Item start, List<RunEvent> events) {
        var part = new Part(nextOutputIndex++, ItemId.fresh(), start, new StringBuilder());
        parts.add(part);
        events.add(new RunEvent.ItemOpened(part.outputIndex(), part.item(), modelCall, start));
        return part;
    }

    private List<RunEvent> begin(ModelEvent.CallBegun begun) {
        if (!calls.isEmpty() && !parallel) {
            return List.of();
        }
        var events = new ArrayList<RunEvent>();
        closeOpen(events);
        calls.add(place(new Item.FunctionCall(CallId.fresh(), begun.function(), ""), events));
        return events;
    }

    private List<RunEvent> append(ModelEvent.Arguments arguments) {
        if (arguments.call() >= calls.size()) {
            return List.of(); // Of a call that is not made, since only one may be.
        }
        grow(arguments.piece());
        Part call = calls.get(arguments.call());
        call.said().append(arguments.piece());
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
        var events = new ArrayList<RunEvent>();
        for (Part part : stillOpen()) {
            events.add(part.closed(status, costOf(part)));
        }
        events.add(new RunEvent.ModelCallEnded(modelCall, usage));
        return events;
    }

    private List<Part> stillOpen() {
        return Stream.concat(calls.stream(), Stream.ofNullable(open))
                .sorted(Comparator.comparingInt(Part::outputIndex))
                .toList();
    }

    /** What the answer cost is told by its last step: that of the calls, by the first of them, if there are any. */
    private Usage costOf(Part part) {
        boolean isFirstCall = !calls.isEmpty() && calls.getFirst().outputIndex() == part.outputIndex();
        return calls.isEmpty() || isFirstCall ? usage : Usage.NONE;
    }
}
