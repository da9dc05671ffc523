package dev.heddle.gateway.engine;

import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How far a run has come, from its items: what its next model call sees, and which function calls still want outputs.
 * Read from what is stored when the work begins, also when it begins again, and kept up to date while it goes on. Mutable
 * and confined to one work.
 */
final class RunProgress {
    private final RunKey run;
    private final RunSpec spec;
    private final List<TranscriptItem> items;
    private List<Item.FunctionCall> unanswered = List.of();
    private Usage usage;
    private int modelCalls;
    private int outputs;
    private boolean over;

    RunProgress(RunKey run, RunSpec spec, List<StoredItem> context) {
        this.run = run;
        this.spec = spec;
        this.items = new ArrayList<>(context.stream().map(TranscriptItem::of).toList());
        List<StoredItem> own = context.stream().filter(this::isOwn).toList();
        this.outputs = own.size();
        this.usage = own.stream()
                .flatMap(item -> item.output().stream())
                .map(StoredItem.Output::usage)
                .reduce(Usage.NONE, Usage::plus);
        this.modelCalls = own.stream()
                .flatMap(item -> item.output().stream())
                .mapToInt(output -> output.modelCall() + 1)
                .max()
                .orElse(0);
        this.unanswered = unansweredOf(own);
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
        return Conversation.of(
                items.stream().filter(item -> !item.isOutputOf(run.id())).toList());
    }

    List<Exchange> own() {
        return Conversation.of(
                items.stream().filter(item -> item.isOutputOf(run.id())).toList());
    }

    /** Whether the run's last word was said already, though its end was not: as a crash between the two leaves it. */
    Optional<ItemStatus> lastWord() {
        return items.isEmpty() || !unanswered.isEmpty()
                ? Optional.empty()
                : Optional.of(items.getLast())
                        .filter(last -> last.isOutputOf(run.id()) && !(last.item() instanceof Item.FunctionCallOutput))
                        .map(TranscriptItem::status);
    }

    /** The work ends, or pauses, with this event. */
    RunEvent over(RunEvent last) {
        over = true;
        return last;
    }

    void answered(ModelTurn turn) {
        usage = usage.plus(turn.usage());
        outputs = turn.nextOutputIndex();
        if (!turn.text().isEmpty()) {
            add(Item.Message.of(Role.ASSISTANT, turn.text()));
        }
        turn.calls().forEach(this::add);
        unanswered = turn.calls();
        modelCalls++;
    }

    /** The events that put an output in its place. */
    List<RunEvent> output(Item.FunctionCall call, String output) {
        var answer = new Item.FunctionCallOutput(call.call(), output);
        var item = ItemId.fresh();
        int index = outputs++;
        int modelCall = modelCalls - 1;
        items.add(new TranscriptItem(origin(modelCall), ItemStatus.COMPLETED, answer));
        unanswered = unanswered.stream().filter(other -> !other.equals(call)).toList();
        return List.of(
                new RunEvent.ItemOpened(index, item, modelCall, new Item.FunctionCallOutput(call.call(), "")),
                new RunEvent.ItemClosed(index, item, ItemStatus.COMPLETED, answer, Usage.NONE));
    }

    private void add(Item item) {
        items.add(new TranscriptItem(origin(modelCalls), ItemStatus.COMPLETED, item));
    }

    private TranscriptItem.Origin origin(int modelCall) {
        return new TranscriptItem.Origin(run.turn(), Optional.of(run.id()), modelCall);
    }

    private boolean isOwn(StoredItem item) {
        return item.output().filter(output -> output.run().equals(run.id())).isPresent();
    }

    private static List<Item.FunctionCall> unansweredOf(List<StoredItem> own) {
        var calls = new ArrayList<Item.FunctionCall>();
        var answered = new HashSet<>();
        for (StoredItem stored : own) {
            switch (stored.item()) {
                case Item.FunctionCall call when stored.status() == ItemStatus.COMPLETED -> calls.add(call);
                case Item.FunctionCallOutput output -> answered.add(output.call());
                case Item.FunctionCall _, Item.Message _ -> {}
            }
        }
        calls.removeIf(call -> answered.contains(call.call()));
        return List.copyOf(calls);
    }
}
