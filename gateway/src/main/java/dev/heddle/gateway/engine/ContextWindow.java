package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ToolUse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Chooses what of a conversation one model call is shown. What is too much is left out in the middle: the beginning, the
 * newest exchange and what the run itself has done stay.
 */
final class ContextWindow {
    private static final int TOKENS_PER_MESSAGE = 4;
    private static final int TOKENS_PER_IMAGE = 1_000;

    private final TokenCounter counter;
    private final String model;
    private final List<String> fixed;

    /** {@code fixed} are texts that are sent in any case. */
    ContextWindow(TokenCounter counter, String model, List<String> fixed) {
        this.counter = counter;
        this.model = model;
        this.fixed = fixed;
    }

    /** With what goes in front of every context: the instructions, and what the model may ask for. */
    static ContextWindow of(TokenCounter counter, String model, String instructions, ToolUse toolUse) {
        var tools = toolUse.tools().stream()
                .flatMap(tool -> Stream.of(tool.name(), tool.description(), tool.parameters()))
                .filter(Objects::nonNull);
        return new ContextWindow(
                counter, model, Stream.concat(Stream.of(instructions), tools).toList());
    }

    /** The newest {@code count} exchanges. */
    static List<Exchange> newest(List<Exchange> exchanges, int count) {
        return exchanges.subList(Math.max(0, exchanges.size() - count), exchanges.size());
    }

    /** Whether everything fits for sure, without counting: no text has more tokens than bytes. */
    boolean surelyHolds(List<Exchange> earlier, List<Exchange> own, long maxTokens) {
        return mostOf(fixed) + most(earlier) + most(own) <= maxTokens;
    }

    /** What a model call costs that is shown these. */
    long tokens(List<Exchange> exchanges) {
        return tokensOfFixed() + tokensOfAll(exchanges);
    }

    /** As {@link #fit}, but with the newest exchange in any case. */
    List<Exchange> fitAtLeastNewest(List<Exchange> earlier, List<Exchange> own, long maxTokens) {
        return fit(earlier, own, maxTokens).orElseGet(() -> concat(newest(earlier, 1), own));
    }

    /**
     * As much of {@code earlier} as fits together with {@code own}, which stays whole, in their order; empty when not
     * even the newest exchange does.
     */
    Optional<List<Exchange>> fit(List<Exchange> earlier, List<Exchange> own, long maxTokens) {
        long left = maxTokens - tokens(own);
        return chosen(earlier, left).map(kept -> concat(kept, own));
    }

    private Optional<List<Exchange>> chosen(List<Exchange> earlier, long maxTokens) {
        if (maxTokens < 0) {
            return Optional.empty();
        }
        if (earlier.isEmpty()) {
            return Optional.of(List.of());
        }
        long left = maxTokens - tokens(earlier.getLast());
        return left < 0 ? Optional.empty() : Optional.of(chosenAround(earlier, left));
    }

    /** The last one has its place already. */
    private List<Exchange> chosenAround(List<Exchange> earlier, long maxTokens) {
        long left = maxTokens - tokens(earlier.getFirst());
        boolean withFirst = earlier.size() > 1 && left >= 0;
        if (!withFirst) {
            left = maxTokens;
        }
        int from = earlier.size() - 1;
        while (from > 1 && tokens(earlier.get(from - 1)) <= left) {
            from--;
            left -= tokens(earlier.get(from));
        }
        var chosen = new ArrayList<Exchange>();
        if (withFirst) {
            chosen.add(earlier.getFirst());
        }
        chosen.addAll(earlier.subList(from, earlier.size()));
        return chosen;
    }

    private long tokensOfFixed() {
        return fixed.stream().mapToLong(this::tokens).sum();
    }

    private long tokensOfAll(List<Exchange> exchanges) {
        return exchanges.stream().mapToLong(this::tokens).sum();
    }

    private long tokens(Exchange exchange) {
        return cost(exchange, this::tokens);
    }

    private long tokens(String text) {
        return counter.tokens(model, text);
    }

    private static long most(List<Exchange> exchanges) {
        return exchanges.stream()
                .mapToLong(exchange -> cost(exchange, ContextWindow::mostOf))
                .sum();
    }

    private static long mostOf(List<String> texts) {
        return texts.stream().mapToLong(ContextWindow::mostOf).sum();
    }

    private static long mostOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long cost(Exchange exchange, ToLongFunction<String> tokens) {
        return exchange.messages().stream()
                .mapToLong(message -> TOKENS_PER_MESSAGE + cost(message, tokens))
                .sum();
    }

    private static long cost(ContextMessage message, ToLongFunction<String> tokens) {
        return switch (message) {
            case ContextMessage.Said said -> costOf(said.message().content(), tokens);
            case ContextMessage.Called called ->
                costOf(called.text(), tokens)
                        + called.calls().stream()
                                .flatMap(ContextWindow::texts)
                                .mapToLong(tokens)
                                .sum();
            case ContextMessage.Answered answered ->
                tokens.applyAsLong(answered.output().output());
        };
    }

    private static Stream<String> texts(Item.FunctionCall call) {
        return Stream.of(call.name(), call.arguments());
    }

    private static long costOf(List<Content> content, ToLongFunction<String> tokens) {
        return content.stream()
                .mapToLong(part -> switch (part) {
                    case Content.Text text -> tokens.applyAsLong(text.text());
                    case Content.ImageUrl _ -> TOKENS_PER_IMAGE;
                })
                .sum();
    }

    static List<Exchange> concat(List<Exchange> first, List<Exchange> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
