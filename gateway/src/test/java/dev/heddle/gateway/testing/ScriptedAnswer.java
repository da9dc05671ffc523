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
    private final ScriptedChunks chunks;
    private boolean endedByUs;

    ScriptedAnswer(Script script, Prompt prompt, TokenMeter meter, Connection connection) {
        this.script = script;
        this.meter = meter;
        this.connection = connection;
        this.timer = Schedulers.fromExecutor(connection.channel().eventLoop());
        this.question = prompt.question();
        this.chunks = new ScriptedChunks(script, prompt);
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
        return late instanceof Failure.AtByte cut ? cut(writes, cut) : writes;
    }

    /** The events of each write, not yet made: what waits for its time or for the network is not counted as sent. */
    private Flux<List<Supplier<ByteBuf>>> groups(Failure.Late late) {
        int count = Math.min(late.chunks(), chunks.count());
        var events = Flux.range(0, count).<Supplier<ByteBuf>>map(i -> () -> chunk(i));
        return script.chunksPerWrite == 1
                ? events.map(List::of).concatWithValues(lastEvents(late))
                : events.concatWith(Flux.fromIterable(lastEvents(late))).buffer(script.chunksPerWrite);
    }

    private ByteBuf chunk(int i) {
        meter.tokenSent();
        return chunks.next(i);
    }

    /** What is said after the texts and calls. */
    private List<Supplier<ByteBuf>> lastEvents(Failure.Late late) {
        return switch (late) {
            case Failure.None _, Failure.AtByte _, Failure.Unended _ -> List.of(chunks::properEnding);
            case Failure.NoFinishReason _ -> List.of(chunks::lastUsage, ChunkWriter::done);
            case Failure.ToolCall _ -> List.of(chunks::toolCall, chunks::properEnding);
            case Failure.Malformed _ -> List.of(chunks::malformed, chunks::properEnding);
            case Failure.HugeLine _ -> List.of(chunks::hugeLine, chunks::properEnding);
            case Failure.ErrorChunk _ -> List.of(chunks::error, ChunkWriter::done);
            case Failure.End _, Failure.Silence _, Failure.Drop _, Failure.Reset _ -> List.of();
        };
    }

    /** What happens after the last event; nothing when the message simply ends. */
    private Mono<ByteBuf> breakOff(Failure.Late late) {
        return switch (late) {
            case Failure.Silence _, Failure.Unended _ -> Mono.never();
            case Failure.Drop _ -> close();
            case Failure.Reset _ -> reset();
            case Failure.None _, Failure.AtByte _, Failure.NoFinishReason _, Failure.ToolCall _ -> Mono.empty();
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

    private Flux<ByteBuf> cut(Flux<ByteBuf> writes, Failure.AtByte cut) {
        var left = new AtomicInteger(cut.bytes());
        return writes.map(write -> write.readSlice(Math.min(write.readableBytes(), left.get())))
                .takeUntil(write -> left.addAndGet(-write.readableBytes()) == 0)
                .concatWith(Flux.defer(() -> Flux.fromIterable(eventsAfterCut(cut.what())))
                        .map(Supplier::get))
                .concatWith(Mono.defer(() -> breakOff(cut.what())));
    }

    /** Behind a blank line, as whoever sends them does not know where the stream broke off. */
    private List<Supplier<ByteBuf>> eventsAfterCut(Failure.Late what) {
        return what instanceof Failure.ErrorChunk ? List.of(ChunkWriter::blankLine, chunks::error) : List.of();
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
            meter.clientClosed(new TokenMeter.ClientClose(Instant.now(), question, chunks.sent()));
        }
    }
}
