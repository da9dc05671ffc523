package dev.heddle.gateway.engine;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.ToolUse;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Has a model sum up a conversation, so that it can go on without being shown all of it again. Stores nothing; cancelling
 * gives the model call up.
 */
public final class Compactor {
    private static final int MAX_SUMMARY_CHARS = 200_000;

    private static final Exchange REQUEST = Exchange.of(new ContextMessage.Said(Item.Message.of(Role.USER, """
            Sum up our whole conversation so far. Your summary takes its place: whoever goes on with it sees nothing else.
            Keep who wants what and why, what was decided, found out and done, the results of tools, names, numbers and
            exact wordings that may matter again, and what is still open. Leave out pleasantries and detours. Answer no
            question and go on with no task; write nothing but the summary, in the language of the conversation.""")));

    private final EngineParts parts;

    public Compactor(EngineParts parts) {
        this.parts = parts;
    }

    /** What a model has made of a conversation, and what that cost. */
    public record Compacted(String summary, Usage usage) {}

    /**
     * The summary of {@code history} and, behind it, of {@code input}, which is stored nowhere. Of a conversation that the
     * model has no room for, the middle goes unseen. A model that fails, or brings no whole summary, is a
     * {@code ModelFailed} problem.
     */
    public Mono<Compacted> compact(String model, String instructions, List<StoredItem> history, List<Item> input) {
        return context(model, instructions, history, input)
                .map(shown -> new ModelCall(model, instructions, shown, ModelOptions.DEFAULTS, ToolUse.NONE))
                .flatMapMany(parts.models()::events)
                .collect(Summary::new, Summary::add)
                .map(Summary::whole);
    }

    private Mono<List<ContextMessage>> context(
            String model, String instructions, List<StoredItem> history, List<Item> input) {
        var window = ContextWindow.of(parts.counter(), model, instructions, ToolUse.NONE);
        return Mono.fromCallable(() -> Conversation.of(TranscriptItem.of(history, input)))
                .map(conversation -> fit(window, conversation))
                .map(shown -> shown.stream()
                        .flatMap(exchange -> exchange.messages().stream())
                        .toList())
                .subscribeOn(parts.counting());
    }

    private List<Exchange> fit(ContextWindow window, List<Exchange> conversation) {
        List<Exchange> request = List.of(REQUEST);
        return window.surelyHolds(conversation, request, parts.contextTokens())
                ? ContextWindow.concat(conversation, request)
                : window.fitAtLeastNewest(conversation, request, parts.contextTokens());
    }

    /** Gathers one answer. */
    private static final class Summary {
        private final StringBuilder text = new StringBuilder();
        private Usage usage = Usage.NONE;

        void add(ModelEvent event) {
            switch (event) {
                case ModelEvent.Text piece -> append(piece.text());
                case ModelEvent.Used used -> usage = used.usage();
                case ModelEvent.Finished finished -> finish(finished.reason());
                case ModelEvent.Reasoning _, ModelEvent.CallBegun _, ModelEvent.Arguments _ -> {}
            }
        }

        private void append(String piece) {
            if (text.length() + piece.length() > MAX_SUMMARY_CHARS) {
                throw failed("The model's summary is longer than " + MAX_SUMMARY_CHARS + " characters.");
            }
            text.append(piece);
        }

        private static void finish(ModelEvent.FinishReason reason) {
            switch (reason) {
                case STOP -> {}
                case MAX_TOKENS, CONTENT_FILTER -> throw failed("The model's summary was cut short.");
                case TOOL_CALLS -> throw failed("The model asked for functions instead of summing up.");
            }
        }

        Compacted whole() {
            if (text.toString().isBlank()) {
                throw failed("The model's summary is empty.");
            }
            return new Compacted(text.toString(), usage);
        }

        private static ProblemException failed(String message) {
            return new ProblemException(new Problem.ModelFailed(RunFailure.serverError(message)));
        }
    }
}
