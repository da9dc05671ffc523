package dev.heddle.gateway.testing;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a {@link ScriptedModelServer} answers. Immutable; every method returns a changed copy. Without texts the answer is
 * {@code Answer to: } and the last message of the user, word by word.
 */
public final class Script {
    /** Repeats the question, at once and without failure. */
    public static final Script ECHO = new Script();

    /** Where the tokens are counted. */
    public enum UsageShape {
        NONE,
        /** One chunk without choices after the last one, as OpenAI does. */
        LAST,
        /** In every chunk, what was sent so far, as vLLM can. */
        EVERY
    }

    List<String> texts = List.of();
    int chunks;
    Duration firstDelay = Duration.ZERO;
    Duration delay = Duration.ZERO;
    int chunksPerWrite = 1;
    int bytesPerWrite = Integer.MAX_VALUE;
    Failure failure = Failure.NONE;
    int failures = Integer.MAX_VALUE;
    String errorBody = "{\"error\":{\"message\":\"The scripted failure\",\"type\":\"server_error\",\"code\":null}}";
    String retryAfter = "";
    String finishReason = "stop";
    UsageShape usage = UsageShape.LAST;

    private Script() {}

    public static Script saying(String... texts) {
        return ECHO.texts(List.of(texts));
    }

    /** The texts, one a chunk. */
    public Script texts(List<String> texts) {
        return changed(copy -> copy.texts = List.copyOf(texts));
    }

    /** Exactly so many chunks of text: the first of the texts, or the texts and then {@code w7}, {@code w8} … */
    public Script chunks(int chunks) {
        return changed(copy -> copy.chunks = chunks);
    }

    /** Before the first byte, headers included. */
    public Script firstDelay(Duration firstDelay) {
        return changed(copy -> copy.firstDelay = firstDelay);
    }

    /** Before each write but the first, which has no text. */
    public Script delay(Duration delay) {
        return changed(copy -> copy.delay = delay);
    }

    /** So many chunks leave in one network write; with more than one, those that end the answer among them. */
    public Script chunksPerWrite(int chunksPerWrite) {
        return changed(copy -> copy.chunksPerWrite = chunksPerWrite);
    }

    /** What leaves in one write is cut in pieces of so many bytes, each a write of its own. */
    public Script bytesPerWrite(int bytesPerWrite) {
        return changed(copy -> copy.bytesPerWrite = bytesPerWrite);
    }

    public Script failing(Failure failure) {
        return changed(copy -> copy.failure = failure);
    }

    /** Only the first so many requests fail; those after them are answered. */
    public Script failures(int failures) {
        return changed(copy -> copy.failures = failures);
    }

    /** The body of failures that have one. */
    public Script errorBody(String errorBody) {
        return changed(copy -> copy.errorBody = errorBody);
    }

    /** The header of that name with {@link Failure.Status}; {@code 1500ms} sends {@code retry-after-ms} instead. */
    public Script retryAfter(String retryAfter) {
        return changed(copy -> copy.retryAfter = retryAfter);
    }

    public Script finishReason(String finishReason) {
        return changed(copy -> copy.finishReason = finishReason);
    }

    public Script usage(UsageShape usage) {
        return changed(copy -> copy.usage = usage);
    }

    private Script changed(Consumer<Script> change) {
        var copy = new Script();
        copy.texts = texts;
        copy.chunks = chunks;
        copy.firstDelay = firstDelay;
        copy.delay = delay;
        copy.chunksPerWrite = chunksPerWrite;
        copy.bytesPerWrite = bytesPerWrite;
        copy.failure = failure;
        copy.failures = failures;
        copy.errorBody = errorBody;
        copy.retryAfter = retryAfter;
        copy.finishReason = finishReason;
        copy.usage = usage;
        change.accept(copy);
        return copy;
    }
}
