package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The items of a context as a strict model accepts them: no empty messages, partial texts marked as such, and each
 * function call followed by exactly one output, behind the calls of its answer. A call that was cut short is left out;
 * one whose output is really absent gets one that says so. A pure function of the items.
 */
final class Conversation {
    private static final Content CUT_SHORT = new Content.Text("[This answer was cut short.]");
    private static final String NO_OUTPUT = "[This call was interrupted. Whether it had an effect is not known.]";

    private static final String SUMMARY = "Summary of the conversation up to here:\n";

    private final IdentityHashMap<Item.FunctionCall, Item.FunctionCallOutput> outputs = new IdentityHashMap<>();
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Item.Message> texts = new ArrayList<>();
    private final List<Item.FunctionCall> calls = new ArrayList<>();
    private boolean answered;

    private Conversation() {}

    /** The exchanges, oldest first. */
    static List<Exchange> of(List<TranscriptItem> items) {
        var conversation = new Conversation();
        conversation.noteOutputs(items);
        for (int i = 0; i < items.size(); i++) {
            if (i > 0 && !items.get(i).origin().equals(items.get(i - 1).origin())) {
                conversation.endAnswer();
            }
            conversation.add(items.get(i));
        }
        conversation.endAnswer();
        return conversation.exchanges;
    }

    /** An output answers the call before it: clients may count their calls anew in each answer. The first one counts. */
    private void noteOutputs(List<TranscriptItem> items) {
        var behind = new HashMap<CallId, Item.FunctionCallOutput>();
        for (TranscriptItem item : items.reversed()) {
            if (item.item() instanceof Item.FunctionCallOutput output) {
                behind.put(output.call(), output);
            } else if (item.item() instanceof Item.FunctionCall call && behind.containsKey(call.call())) {
                outputs.put(call, behind.remove(call.call()));
            }
        }
    }

    private void add(TranscriptItem item) {
        switch (item.item()) {
            case Item.Message message -> add(message, item.status());
            case Item.FunctionCall call -> add(call, item.status());
            case Item.FunctionCallOutput _ -> answered = true;
            case Item.Compaction compaction -> add(summary(compaction), ItemStatus.COMPLETED);
            case Item.Reasoning _ -> {}
        }
    }

    private void add(Item.Message message, ItemStatus status) {
        if (message.content().isEmpty()) {
            return;
        }
        if (message.role() != Role.ASSISTANT || !calls.isEmpty()) {
            endAnswer();
        }
        texts.add(status.isIncomplete() ? marked(message) : message);
    }

    private static Item.Message summary(Item.Compaction compaction) {
        return Item.Message.of(Role.SYSTEM, SUMMARY + compaction.summary());
    }

    private void add(Item.FunctionCall call, ItemStatus status) {
        if (status != ItemStatus.COMPLETED) {
            return;
        }
        if (answered || texts.stream().anyMatch(text -> text.role() != Role.ASSISTANT)) {
            endAnswer();
        }
        calls.add(call);
    }

    /** What comes next is another message to the model. */
    private void endAnswer() {
        if (calls.isEmpty()) {
            texts.forEach(text -> exchanges.add(Exchange.of(new ContextMessage.Said(text))));
        } else {
            exchanges.add(exchange());
        }
        texts.clear();
        calls.clear();
        answered = false;
    }

    private Exchange exchange() {
        var text = texts.stream().flatMap(message -> message.content().stream()).toList();
        var messages = new ArrayList<ContextMessage>();
        messages.add(new ContextMessage.Called(text, calls));
        calls.forEach(call -> messages.add(new ContextMessage.Answered(outputOf(call))));
        return new Exchange(messages);
    }

    private Item.FunctionCallOutput outputOf(Item.FunctionCall call) {
        return outputs.getOrDefault(call, new Item.FunctionCallOutput(call.call(), NO_OUTPUT));
    }

    private static Item.Message marked(Item.Message message) {
        var content = new ArrayList<>(message.content());
        content.add(CUT_SHORT);
        return new Item.Message(message.role(), content);
    }
}
