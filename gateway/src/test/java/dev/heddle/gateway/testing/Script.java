package dev.heddle.gateway.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a {@link ScriptedModelServer} answers: texts, reasoning and calls of functions. Immutable; every method returns a changed
 * copy. A script that has neither says {@code Answer to: } and the last message of the user, word by word; once functions
 * have been called since that message it says {@code Outputs: weather=18 degrees; time=noon}, what it was told they gave.
 *
 * <p>A script is for one round: the answer to a question. The answer to the outputs of the functions it asks for is that
 * of {@link #then}, or {@link #ECHO}.
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

    /** The ways in which model servers send calls of functions. */
    public enum CallShape {
        /** The name first, then the arguments in pieces. */
        OPENAI,
        /** As OpenAI, but no fragment says which call it is of. */
        NO_INDEX,
        /** As OpenAI, but every fragment has the id and the name. */
        REPEATED,
        /** Each call in one chunk. */
        WHOLE,
        /** All calls in one chunk. */
        AT_ONCE,
        /** As OpenAI, but all of them have index 0: only the id tells them apart. */
        SAME_INDEX,
        /** Each call in one chunk, all of them with index 0 and an empty id. */
        NO_ID,
        /** The fragments of all calls in turn. */
        INTERLEAVED
    }

    /** The names under which model servers send reasoning. */
    public enum ReasoningShape {
        REASONING_CONTENT,
        REASONING,
        /** The same under both names. */
        BOTH
    }

    List<Stretch> stretches = List.of();
    boolean saw;
    ReasoningShape reasoningShape = ReasoningShape.REASONING_CONTENT;
    CallShape callShape = CallShape.OPENAI;
    int charsPerFragment = 8;
    List<Script> later = List.of();
    int chunks;
    Duration firstDelay = Duration.ZERO;
    Duration delay = Duration.ZERO;
    int chunksPerWrite = 1;
    int bytesPerWrite = Integer.MAX_VALUE;
    Failure failure = Failure.NONE;
    int failures = Integer.MAX_VALUE;
    String errorBody = "{\"error\":{\"message\":\"The scripted failure\",\"type\":\"server_error\",\"code\":null}}";
    String retryAfter = "";
    String finishReason = "";
    UsageShape usage = UsageShape.LAST;
    int cachedTokens;

    private Script() {}

    public static Script saying(String... texts) {
        return ECHO.texts(List.of(texts));
    }

    /** Asks for one function, without a word; {@code arguments} is JSON text as the model writes it. */
    public static Script calling(String function, String arguments) {
        return ECHO.call(function, arguments);
    }

    /** The texts, one a chunk, before all calls and in place of all other texts. */
    public Script texts(List<String> texts) {
        var others = new ArrayList<>(without(Stretch.Text.class));
        if (!texts.isEmpty()) {
            int before = (int) others.stream()
                    .takeWhile(stretch -> !(stretch instanceof Stretch.Calls))
                    .count();
            others.add(before, new Stretch.Text(texts));
        }
        return stretches(others);
    }

    /** Says more, one text a chunk, behind all it has said before. */
    public Script say(String... texts) {
        return with(new Stretch.Text(List.of(texts)));
    }

    /** Reasons, one text a chunk, behind all it has said before. */
    public Script reason(String... texts) {
        return with(new Stretch.Reasoning(List.of(texts)));
    }

    public Script reasoningShape(ReasoningShape reasoningShape) {
        return changed(copy -> copy.reasoningShape = reasoningShape);
    }

    /** Asks for one function more, behind all it has said before. */
    public Script call(String function, String arguments) {
        return call(new ScriptedCall(function, arguments));
    }

    /** Calls that follow one another are one stretch. */
    Script call(ScriptedCall call) {
        if (stretches.isEmpty() || !(stretches.getLast() instanceof Stretch.Calls before)) {
            return with(new Stretch.Calls(List.of(call)));
        }
        var calls = Stream.concat(before.calls().stream(), Stream.of(call)).toList();
        return stretches(stretches.subList(0, stretches.size() - 1)).with(new Stretch.Calls(calls));
    }

    Script calls(List<ScriptedCall> calls) {
        var others = stretches(without(Stretch.Calls.class));
        return calls.isEmpty() ? others : others.with(new Stretch.Calls(calls));
    }

    List<ScriptedCall> calls() {
        return stretches.stream()
                .flatMap(stretch -> stretch instanceof Stretch.Calls calls ? calls.calls().stream() : Stream.empty())
                .toList();
    }

    boolean says(Class<? extends Stretch> kind) {
        return stretches.stream().anyMatch(kind::isInstance);
    }

    private List<Stretch> without(Class<? extends Stretch> kind) {
        return stretches.stream().filter(stretch -> !kind.isInstance(stretch)).toList();
    }

    private Script with(Stretch stretch) {
        return stretches(Stream.concat(stretches.stream(), Stream.of(stretch)).toList());
    }

    private Script stretches(List<Stretch> stretches) {
        return changed(copy -> copy.stretches = List.copyOf(stretches));
    }

    /** Says what it was sent, in place of any other text: see {@link Prompt#listing}. */
    public Script saw() {
        return changed(copy -> copy.saw = true);
    }

    public Script callShape(CallShape callShape) {
        return changed(copy -> copy.callShape = callShape);
    }

    /** The arguments of calls come in pieces of so many characters, one a chunk. */
    public Script charsPerFragment(int charsPerFragment) {
        return changed(copy -> copy.charsPerFragment = charsPerFragment);
    }

    /** Answers with {@code next} (and what comes after that) once the outputs of this script's last round have come. */
    public Script then(Script next) {
        var rounds = Stream.of(later, List.of(next.then(List.of())), next.later).flatMap(List::stream);
        return then(rounds.toList());
    }

    private Script then(List<Script> later) {
        return changed(copy -> copy.later = List.copyOf(later));
    }

    /** What answers after so many rounds of calls. */
    Script round(int round) {
        if (round == 0) {
            return this;
        }
        return round <= later.size() ? later.get(round - 1) : ECHO;
    }

    /** The first text has exactly so many chunks: its own, then {@code w7}, {@code w8} … */
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

    /** {@code stop} or {@code tool_calls}, as the script goes, unless it is said here. */
    public Script finishReason(String finishReason) {
        return changed(copy -> copy.finishReason = finishReason);
    }

    public Script usage(UsageShape usage) {
        return changed(copy -> copy.usage = usage);
    }

    /** So many tokens of the prompt are said to have been in store. */
    public Script cachedTokens(int cachedTokens) {
        return changed(copy -> copy.cachedTokens = cachedTokens);
    }

    private Script changed(Consumer<Script> change) {
        var copy = new Script();
        copy.stretches = stretches;
        copy.saw = saw;
        copy.reasoningShape = reasoningShape;
        copy.callShape = callShape;
        copy.charsPerFragment = charsPerFragment;
        copy.later = later;
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
        copy.cachedTokens = cachedTokens;
        change.accept(copy);
        return copy;
    }
}
