package dev.heddle.gateway.engine;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tells what a run's first model call would be shown costs, in tokens, as {@link ContextWindow} counts them. */
public final class InputTokens {
    private final EngineParts parts;
    private final ToolOffer offer;

    public InputTokens(EngineParts parts) {
        this.parts = parts;
        this.offer = new ToolOffer(parts.tools());
    }

    /** {@code input} stands behind {@code history} and is stored nowhere. */
    public Mono<Long> count(
            String model, String instructions, ToolUse toolUse, List<StoredItem> history, List<Item> input) {
        return Mono.fromCallable(() -> ContextWindow.of(parts.counter(), model, instructions, offer.first(toolUse))
                        .tokens(Conversation.of(TranscriptItem.of(history, input))))
                .subscribeOn(parts.counting());
    }
}
