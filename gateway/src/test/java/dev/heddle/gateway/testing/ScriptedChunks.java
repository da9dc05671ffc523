package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The chunks of one answer, made one by one: a chunk of no text, those of the texts, those of the calls, the ending. */
final class ScriptedChunks {
    private final ChunkWriter writer;
    private final List<String> texts;
    private final int textChunks;
    private final List<String> calls;
    private long sent;

    ScriptedChunks(Script script, Prompt prompt) {
        this.writer = new ChunkWriter(script, prompt.model(), promptTokens(prompt));
        this.texts = textsOf(script, prompt);
        this.textChunks = script.chunks == 0 ? texts.size() : script.chunks;
        this.calls = CallDeltas.of(script);
    }

    /** How many have text or a piece of a call. */
    int count() {
        return textChunks + calls.size();
    }

    /** How many of these have been made; what the usage says. */
    long sent() {
        return sent;
    }

    ByteBuf role() {
        return writer.role();
    }

    /** The next of them, which is number {@code i} from 0. */
    ByteBuf next(int i) {
        sent++;
        return i < textChunks ? writer.text(text(i), sent) : writer.call(calls.get(i - textChunks), sent);
    }

    private String text(int i) {
        return i < texts.size() ? texts.get(i) : " w" + i;
    }

    ByteBuf properEnding() {
        return Unpooled.wrappedBuffer(writer.finish(sent), lastUsage(), ChunkWriter.done());
    }

    ByteBuf lastUsage() {
        return writer.lastUsage(sent);
    }

    ByteBuf toolCall() {
        return writer.toolCall(sent);
    }

    ByteBuf malformed() {
        return writer.malformed();
    }

    ByteBuf hugeLine() {
        return writer.hugeLine();
    }

    ByteBuf error() {
        return writer.error();
    }

    /** The bytes of the whole answer; makes all of it. */
    long length() {
        var all = Stream.concat(Stream.of(role()), IntStream.range(0, count()).mapToObj(this::next));
        long upToEnding = all.mapToLong(ByteBuf::readableBytes).sum();
        return upToEnding + properEnding().readableBytes();
    }

    private static List<String> textsOf(Script script, Prompt prompt) {
        if (!script.texts.isEmpty()) {
            return script.texts;
        }
        boolean onlyCalls = !script.calls.isEmpty() && script.chunks == 0;
        return onlyCalls ? List.of() : words(echo(prompt));
    }

    private static String echo(Prompt prompt) {
        return prompt.outputs().isEmpty()
                ? "Answer to: " + Directives.removedFrom(prompt.question())
                : prompt.outputs().stream()
                        .map(output -> output.function() + "=" + output.text())
                        .collect(Collectors.joining("; ", "Outputs: ", ""));
    }

    /** Each but the first with the blank before it. */
    static List<String> words(String text) {
        return Stream.of(text.split("(?=\\s)")).toList();
    }

    private static long promptTokens(Prompt prompt) {
        return prompt.messages().stream()
                .mapToLong(
                        message -> words(Directives.removedFrom(message.text())).size())
                .sum();
    }
}
