package dev.heddle.gateway.engine;

import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a run has come, from its items: what its next model call sees, and which function calls still want outputs.
 * Read from what is stored when the work begins, also when it begins again, and kept up to date while it goes on. Mutable
 * and confined to one work.
 */
final class RunProgress {
    private final RunKey run;
    private final RunSpec spec;
    private final List<Exchange> earlier;
    private final List<TranscriptItem> own;
    private final List<Item.FunctionCall> calls;
    private final Optional<ItemStatus> lastWord;
    private List<Item.FunctionCall> unanswered = List.of();
    private Usage usage;
    private int modelCalls;
    private int outputs;
    private boolean over;

    /** {@code done} is everything the run has produced so far, also what {@code context} does not show. */
    RunProgress(RunKey run, RunSpec spec, List<StoredItem> context, List<StoredItem> done) {
        this.run = run;
        this.spec = spec;
        this.earlier = Conversation.of(transcript(context.stream().filter(item -> !item.isOutputOf(run.id()))));
        this.own = new ArrayList<>(transcript(context.stream().filter(item -> item.isOutputOf(run.id()))));
        this.outputs = done.size();
        this.usage = done.stream()
                .flatMap(item -> item.output().stream())
                .map(StoredItem.Output::usage)
                .reduce(Usage.NONE, Usage::plus);
        this.modelCalls = done.stream()
                .flatMap(item -> item.output().stream())
                .mapToInt(output -> output.modelCall() + 1)
                .max()
                .orElse(0);
        this.calls = new ArrayList<>(callsOf(done));
        this.unanswered = unansweredOf(done);
        this.lastWord = unanswered.isEmpty() ? lastWordOf(done) : Optional.empty();
    }

    /** No model call that has shown anything is made again, so that what is last stands at the end of an answer. */
    private static Optional<ItemStatus> lastWordOf(List<StoredItem> done) {
        return done.isEmpty() || done.getLast().item() instanceof Item.FunctionCallOutput
                ? Optional.empty()
                : Optional.of(done.getLast().status());
    }

    RunKey run() {
        return run;
    }

    RunSpec spec() {
        return spec;
    }

    /** Over all model calls so far. */
    Usage usage() {
        return usage;
    }

    /** How many model calls have been answered; the number of the next one. */
    int modelCalls() {
        return modelCalls;
    }

    /** The output index of the next item. */
    int nextOutputIndex() {
        return outputs;
    }

    /** Every call of the run, in its order, whoever is to make it. */
    List<Item.FunctionCall> calls() {
        return calls;
    }

    /** Calls of the newest answer that have no output yet, in their order. */
    List<Item.FunctionCall> unanswered() {
        return unanswered;
    }

    /** Whether there is nothing left for this work to do. */
    boolean isOver() {
        return over;
    }

    /** What stands before the run's own outputs, oldest first. */
    List<Exchange> earlier() {
        return earlier;
    }

    List<Exchange> own() {
        return Conversation.of(own);
    }

    /**
     * Whether the run's last word was said before this work began, though its end was not: as a crash between the two
     * leaves it. Reasoning may be the last word too, of a model that then had nothing to say.
     */
    Optional<ItemStatus> lastWord() {
        return lastWord;
    }

    /** The work ends, or pauses, with this event. */
    RunEvent over(RunEvent last) {
        over = true;
        return last;
    }

    /** The work ends with its last word: whole, or cut short for the reason. */
    RunEvent ended(Optional<IncompleteReason> reason) {
        return over(reason.<RunEvent>map(cut -> new RunEvent.Incomplete(cut, usage))
                .orElseGet(() -> new RunEvent.Completed(usage)));
    }

    void answered(ModelTurn turn) {
        usage = usage.plus(turn.usage());
        outputs = turn.nextOutputIndex();
        turn.items().forEach(this::add);
        unanswered = turn.calls();
        calls.addAll(unanswered);
        modelCalls++;
    }

    /** The events that put an output in its place. */
    List<RunEvent> output(Item.FunctionCall call, String output) {
        var answer = new Item.FunctionCallOutput(call.call(), output);
        var item = ItemId.fresh();
        int index = outputs++;
        int modelCall = modelCalls - 1;
        own.add(new TranscriptItem(origin(modelCall), ItemStatus.COMPLETED, answer));
        unanswered = unanswered.stream().filter(other -> !other.equals(call)).toList();
        return RunEvent.outputPlaced(index, item, modelCall, answer);
    }

    private void add(Item item) {
        own.add(new TranscriptItem(origin(modelCalls), ItemStatus.COMPLETED, item));
    }

    private TranscriptItem.Origin origin(int modelCall) {
        return new TranscriptItem.Origin(run.turn(), Optional.of(run.id()), modelCall);
    }

    private static List<TranscriptItem> transcript(Stream<StoredItem> items) {
        return items.map(TranscriptItem::of).toList();
    }

    private static List<Item.FunctionCall> callsOf(List<StoredItem> done) {
        return done.stream()
                .filter(stored -> stored.status() == ItemStatus.COMPLETED)
                .map(StoredItem::item)
                .filter(Item.FunctionCall.class::isInstance)
                .map(Item.FunctionCall.class::cast)
                .toList();
    }

    private List<Item.FunctionCall> unansweredOf(List<StoredItem> done) {
        Set<CallId> answered = done.stream()
                .map(StoredItem::item)
                .filter(Item.FunctionCallOutput.class::isInstance)
                .map(output -> ((Item.FunctionCallOutput) output).call())
                .collect(Collectors.toSet());
        return calls.stream().filter(call -> !answered.contains(call.call())).toList();
    }
}
