package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
        var answer = Mono.defer(() -> answer(response));
        return delayed(answer).doOnSubscribe(_ -> meter.streamOpened()).doFinally(_ -> closed());
    }

    private Mono<Void> delayed(Mono<Void> answer) {
        return script.firstDelay.isZero()
                ? answer
                : Mono.delay(script.firstDelay, timer).then(answer);
    }

    private Mono<Void> answer(HttpServerResponse response) {
        return switch (script.failure) {
            case Failure.NoHeaders _ -> Mono.never();
            case Failure.Early early -> instead(early, response).doOnSubscribe(_ -> ended());
            case Failure.Late late ->
                response.sse()
                        .send(writes(late).doOnComplete(this::ended), _ -> true)
                        .then();
        };
    }

    private Mono<Void> instead(Failure.Early early, HttpServerResponse response) {
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
            case Failure.NoHeaders _ -> Mono.never();
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
        int count = Math.min(late.chunks(), script.chunks == 0 ? texts.size() : script.chunks);
        var writes = Flux.range(0, count)
                .map(this::text)
                .startWith(Flux.defer(() -> Mono.just(chunks.role())))
                .concatWith(Flux.defer(() -> ending(late)))
                .transform(this::grouped)
                .transform(this::paced);
        return late instanceof Failure.ResetAtByte reset ? cut(writes, reset.bytes()) : writes;
    }

    private ByteBuf text(int i) {
        tokens++;
        meter.tokenSent();
        return chunks.text(i < texts.size() ? texts.get(i) : " w" + i, tokens);
    }

    private Flux<ByteBuf> ending(Failure.Late late) {
        return switch (late) {
            case Failure.None _, Failure.ResetAtByte _ -> properEnding();
            case Failure.Unended _ -> properEnding().concatWith(Flux.never());
            case Failure.NoFinishReason _ -> Flux.just(chunks.lastUsage(tokens), ChunkWriter.done());
            case Failure.ToolCall _ -> Flux.just(chunks.toolCall(tokens)).concatWith(properEnding());
            case Failure.Malformed _ -> Flux.just(chunks.malformed()).concatWith(properEnding());
            case Failure.HugeLine _ -> Flux.just(chunks.hugeLine()).concatWith(properEnding());
            case Failure.ErrorChunk _ -> Flux.just(chunks.error(), ChunkWriter.done());
            case Failure.End _ -> Flux.empty();
            case Failure.Silence _ -> Flux.never();
            case Failure.Drop _ -> this.<ByteBuf>close().flux();
            case Failure.Reset _ -> this.<ByteBuf>reset().flux();
        };
    }

    private Flux<ByteBuf> properEnding() {
        return Flux.just(chunks.finish(tokens), chunks.lastUsage(tokens), ChunkWriter.done());
    }

    private Flux<ByteBuf> grouped(Flux<ByteBuf> events) {
        var groups = script.chunksPerWrite == 1
                ? events
                : events.buffer(script.chunksPerWrite).map(ScriptedAnswer::joined);
        return script.bytesPerWrite == Integer.MAX_VALUE ? groups : groups.concatMapIterable(this::pieces);
    }

    private static ByteBuf joined(List<ByteBuf> events) {
        return Unpooled.wrappedBuffer(events.toArray(ByteBuf[]::new));
    }

    private List<ByteBuf> pieces(ByteBuf write) {
        var pieces = new ArrayList<ByteBuf>();
        while (write.isReadable()) {
            pieces.add(write.readSlice(Math.min(script.bytesPerWrite, write.readableBytes())));
        }
        return pieces;
    }

    private Flux<ByteBuf> paced(Flux<ByteBuf> writes) {
        return script.delay.isZero() ? writes : writes.delayElements(script.delay, timer);
    }

    private Flux<ByteBuf> cut(Flux<ByteBuf> writes, int bytes) {
        var left = new AtomicInteger(bytes);
        return writes.map(write -> write.readSlice(Math.min(write.readableBytes(), left.get())))
                .takeUntil(write -> left.addAndGet(-write.readableBytes()) == 0)
                .concatWith(reset());
    }

    private <T> Mono<T> reset() {
        return Mono.<T>fromRunnable(() -> connection.channel().config().setOption(ChannelOption.SO_LINGER, 0))
                .then(close());
    }

    /** Closes the connection behind what was written, and never ends: that would end the HTTP message. */
    private <T> Mono<T> close() {
        return Mono.fromRunnable(this::closeBehindWrites).then(Mono.never());
    }

    private void closeBehindWrites() {
        ended();
        connection.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
