package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Plays a script for one request, on the event loop of its connection. Everything is made when the network asks for it. */
final class ScriptedAnswer {
    private final Script script;
    private final TokenMeter meter;
    private final Connection connection;
    private final Scheduler timer;
    private final String question;
    private final List<String> texts;
    private final ChunkWriter chunks;
    private long tokens;
    private boolean endedByUs;

    ScriptedAnswer(Script script, Prompt prompt, TokenMeter meter, Connection connection) {
        this.script = script;
        this.meter = meter;
        this.connection = connection;
        this.timer = Schedulers.fromExecutor(connection.channel().eventLoop());
        this.question = prompt.question();
        this.texts = script.texts.isEmpty() ? echo(question) : script.texts;
        this.chunks = new ChunkWriter(script, prompt.model(), promptTokens(prompt));
    }

    Mono<Void> send(HttpServerResponse response) {
        meter.streamOpened();
        return delayed(Mono.defer(() -> answer(response))).doFinally(_ -> closed());
    }

    private Mono<Void> delayed(Mono<Void> answer) {
        return script.firstDelay.isZero()
                ? answer
                : Mono.delay(script.firstDelay, timer).then(answer);
    }

    private Mono<Void> answer(HttpServerResponse response) {
        return switch (script.failure) {
            case Failure.NoHeaders _ -> Mono.never();
            case Failure.Early early -> instead(early, response);
            case Failure.Late late ->
                response.sse()
                        .send(writes(late).doOnComplete(this::ended), _ -> true)
                        .then();
        };
    }

    private Mono<Void> instead(Failure.Early early, HttpServerResponse response) {
        ended();
        return switch (early) {
            case Failure.Status status ->
                withRetryAfter(response.status(status.status()))
                        .header("content-type", "application/json")
                        .sendString(Mono.just(script.errorBody))
                        .then();
            case Failure.JsonError _ ->
                response.header("content-type", "application/json")
                        .sendString(Mono.just(script.errorBody))
                        .then();
            case Failure.HtmlPage _ ->
                response.header("content-type", "text/html; charset=utf-8")
                        .sendString(Mono.just("<h1>It works!</h1>"))
                        .then();
            case Failure.HangUp _ -> close();
        };
    }

    private HttpServerResponse withRetryAfter(HttpServerResponse response) {
        if (script.retryAfter.isEmpty()) {
            return response;
        }
        return script.retryAfter.endsWith("ms")
                ? response.header("retry-after-ms", script.retryAfter.substring(0, script.retryAfter.length() - 2))
                : response.header("retry-after", script.retryAfter);
    }

    private Flux<ByteBuf> writes(Failure.Late late) {
        var writes = groups(late)
                .transform(this::paced)
                .map(ScriptedAnswer::joined)
                .startWith(Flux.defer(() -> Flux.just(chunks.role())))
                .transform(this::inPieces)
                .concatWith(Mono.defer(() -> breakOff(late)));
        return late instanceof Failure.ResetAtByte reset ? cut(writes, reset.bytes()) : writes;
    }

    /** The events of each write, not yet made: what waits for its time or for the network is not counted as sent. */
    private Flux<List<Supplier<ByteBuf>>> groups(Failure.Late late) {
        int count = Math.min(late.chunks(), script.chunks == 0 ? texts.size() : script.chunks);
        var events = Flux.range(0, count).<Supplier<ByteBuf>>map(i -> () -> text(i));
        return script.chunksPerWrite == 1
                ? events.map(List::of).concatWithValues(lastEvents(late))
                : events.concatWith(Flux.fromIterable(lastEvents(late))).buffer(script.chunksPerWrite);
    }

    private ByteBuf text(int i) {
        tokens++;
        meter.tokenSent();
        return chunks.text(i < texts.size() ? texts.get(i) : " w" + i, tokens);
    }

    /** What is said after the texts. */
    private List<Supplier<ByteBuf>> lastEvents(Failure.Late late) {
        return switch (late) {
            case Failure.None _, Failure.ResetAtByte _, Failure.Unended _ -> List.of(this::properEnding);
            case Failure.NoFinishReason _ -> List.of(() -> chunks.lastUsage(tokens), ChunkWriter::done);
            case Failure.ToolCall _ -> List.of(() -> chunks.toolCall(tokens), this::properEnding);
            case Failure.Malformed _ -> List.of(chunks::malformed, this::properEnding);
            case Failure.HugeLine _ -> List.of(chunks::hugeLine, this::properEnding);
            case Failure.ErrorChunk _ -> List.of(chunks::error, ChunkWriter::done);
            case Failure.End _, Failure.Silence _, Failure.Drop _, Failure.Reset _ -> List.of();
        };
    }

    private ByteBuf properEnding() {
        return Unpooled.wrappedBuffer(chunks.finish(tokens), chunks.lastUsage(tokens), ChunkWriter.done());
    }

    /** What happens after the last event; nothing when the message simply ends. */
    private Mono<ByteBuf> breakOff(Failure.Late late) {
        return switch (late) {
            case Failure.Silence _, Failure.Unended _ -> Mono.never();
            case Failure.Drop _ -> close();
            case Failure.Reset _ -> reset();
            case Failure.None _, Failure.ResetAtByte _, Failure.NoFinishReason _, Failure.ToolCall _ -> Mono.empty();
            case Failure.Malformed _, Failure.HugeLine _, Failure.ErrorChunk _, Failure.End _ -> Mono.empty();
        };
    }

    private <T> Flux<T> paced(Flux<T> writes) {
        return script.delay.isZero() ? writes : writes.delayElements(script.delay, timer);
    }

    private static ByteBuf joined(List<Supplier<ByteBuf>> events) {
        return Unpooled.wrappedBuffer(events.stream().map(Supplier::get).toArray(ByteBuf[]::new));
    }

    private Flux<ByteBuf> inPieces(Flux<ByteBuf> writes) {
        return script.bytesPerWrite == Integer.MAX_VALUE ? writes : writes.concatMapIterable(this::pieces);
    }

    private List<ByteBuf> pieces(ByteBuf write) {
        var pieces = new ArrayList<ByteBuf>();
        while (write.isReadable()) {
            pieces.add(write.readRetainedSlice(Math.min(script.bytesPerWrite, write.readableBytes())));
        }
        write.release();
        return pieces;
    }

    private Flux<ByteBuf> cut(Flux<ByteBuf> writes, int bytes) {
        var left = new AtomicInteger(bytes);
        return writes.map(write -> write.readSlice(Math.min(write.readableBytes(), left.get())))
                .takeUntil(write -> left.addAndGet(-write.readableBytes()) == 0)
                .concatWith(Mono.defer(this::reset));
    }

    private <T> Mono<T> reset() {
        connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        return close();
    }

    /** Closes the connection behind what was written, and never ends: that would end the HTTP message. */
    private <T> Mono<T> close() {
        ended();
        var channel = connection.channel();
        // In a task of its own: what was emitted before may be written only after this call.
        channel.eventLoop().execute(() -> closeBehindWrites(channel));
        return Mono.never();
    }

    private static void closeBehindWrites(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void ended() {
        endedByUs = true;
    }

    /** Also called when the connection is gone, which Reactor Netty signals like a proper end. */
    private void closed() {
        meter.streamClosed();
        if (!endedByUs) {
            meter.clientClosed(new TokenMeter.ClientClose(Instant.now(), question, tokens));
        }
    }

    private static List<String> echo(String question) {
        return words("Answer to: " + ScriptOptions.withoutDirectives(question));
    }

    /** Each but the first with the blank before it. */
    private static List<String> words(String text) {
        return Stream.of(text.split("(?=\\s)")).toList();
    }

    private static long promptTokens(Prompt prompt) {
        return prompt.messages().stream()
                .mapToLong(message -> words(message.text()).size())
                .sum();
    }
}
