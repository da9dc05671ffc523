package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The chunks of one answer, made one by one: a chunk of no text, those of the texts, those of the calls, the ending. */
final class ScriptedChunks {
    private final ChunkWriter writer;
    private final List<Segment> segments;
    private long sent;
    private long reasoningSent;

    /** Chunks of one kind; {@code delta} makes one of them, by its number in the segment. */
    private record Segment(int count, boolean reasoning, IntFunction<String> delta) {
        static Segment of(List<String> deltas) {
            return new Segment(deltas.size(), false, deltas::get);
        }
    }

    ScriptedChunks(Script script, Prompt prompt) {
        this.writer = new ChunkWriter(script, prompt.model(), promptTokens(prompt));
        this.segments = segments(withText(script, prompt));
    }

    /** How many have text, reasoning or a piece of a call. */
    int count() {
        return segments.stream().mapToInt(Segment::count).sum();
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
        int left = i;
        int segment = 0;
        while (left >= segments.get(segment).count()) {
            left -= segments.get(segment).count();
            segment++;
        }
        return next(segments.get(segment), left);
    }

    private ByteBuf next(Segment segment, int i) {
        sent++;
        reasoningSent += segment.reasoning() ? 1 : 0;
        return writer.delta(segment.delta().apply(i), tally());
    }

    private ChunkWriter.Sent tally() {
        return new ChunkWriter.Sent(sent, reasoningSent);
    }

    ByteBuf properEnding() {
        return Unpooled.wrappedBuffer(writer.finish(tally()), lastUsage(), ChunkWriter.done());
    }

    ByteBuf lastUsage() {
        return writer.lastUsage(tally());
    }

    ByteBuf toolCall() {
        return writer.toolCall(tally());
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

    private static Script withText(Script script, Prompt prompt) {
        if (script.saw) {
            return script.texts(words("Saw: " + prompt.listing()));
        }
        boolean onlyCalls = script.says(Stretch.Calls.class) && script.chunks == 0;
        return script.says(Stretch.Text.class) || onlyCalls ? script : script.texts(words(echo(prompt)));
    }

    private List<Segment> segments(Script script) {
        var segments = new ArrayList<Segment>();
        int chunks = script.chunks;
        int calls = 0;
        for (Stretch stretch : script.stretches) {
            switch (stretch) {
                case Stretch.Reasoning reasoning -> segments.add(segment(reasoning.texts()));
                case Stretch.Text text -> {
                    segments.add(segment(text.texts(), chunks));
                    chunks = 0;
                }
                case Stretch.Calls called -> {
                    int first = calls;
                    calls += called.calls().size();
                    segments.add(Segment.of(CallDeltas.of(script, first, calls)));
                }
            }
        }
        return segments;
    }

    private Segment segment(List<String> reasoning) {
        return new Segment(reasoning.size(), true, i -> writer.reasoningDelta(reasoning.get(i)));
    }

    /** Of so many chunks; 0 for as many as there are texts. */
    private static Segment segment(List<String> texts, int chunks) {
        int count = chunks == 0 ? texts.size() : chunks;
        return new Segment(count, false, i -> ChunkWriter.textDelta(i < texts.size() ? texts.get(i) : " w" + i));
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
