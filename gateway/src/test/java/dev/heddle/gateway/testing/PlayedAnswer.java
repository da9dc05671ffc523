package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Plays the answer to one call of a tool. Notices when the caller goes away before it was whole. */
final class PlayedAnswer {
    private static final int PIECE = 1 << 16;

    private final Connection connection;
    private final HttpServerResponse response;
    private final AtomicLong bytesSent;
    private volatile boolean ended;

    PlayedAnswer(Connection connection, HttpServerResponse response, AtomicLong bytesSent, Runnable clientClosed) {
        this.connection = connection;
        this.response = response;
        this.bytesSent = bytesSent;
        connection.channel().closeFuture().addListener(_ -> {
            if (!ended) {
                clientClosed.run();
            }
        });
    }

    Mono<Void> play(ToolAnswer answer) {
        return switch (answer) {
            case ToolAnswer.Says says -> say(says);
            case ToolAnswer.Held held -> Mono.when(held.signal()).then(Mono.defer(() -> play(held.then())));
            case ToolAnswer.Silence _ -> Mono.never();
            case ToolAnswer.HangUp _ -> close();
            case ToolAnswer.Reset _ -> reset();
            case ToolAnswer.Stall stall -> pieces(Flux.just(bytes(stall.body())).concatWith(Mono.never()));
            case ToolAnswer.BreakOff broken -> breakOff(broken);
            case ToolAnswer.Huge huge -> pieces(huge(huge.bytes())).doOnSuccess(_ -> ended = isOpen());
            case ToolAnswer.Garbage garbage -> garbage(garbage.line());
        };
    }

    private Mono<Void> say(ToolAnswer.Says says) {
        response.status(says.status());
        says.headers().forEach(response::header);
        return response.sendString(Mono.just(says.body())).then().doOnSuccess(_ -> ended = isOpen());
    }

    private Mono<Void> breakOff(ToolAnswer.BreakOff broken) {
        response.status(broken.status());
        return pieces(Flux.just(bytes(broken.body())).concatWith(Mono.defer(this::reset)));
    }

    private Mono<Void> pieces(Flux<ByteBuf> pieces) {
        return response.send(pieces, _ -> true).then();
    }

    private Flux<ByteBuf> huge(long bytes) {
        return Flux.<ByteBuf, Long>generate(() -> bytes, (left, sink) -> {
                    int piece = (int) Math.min(left, PIECE);
                    sink.next(bytes("x".repeat(piece)));
                    if (left == piece) {
                        sink.complete();
                    }
                    return left - piece;
                })
                .doOnNext(piece -> bytesSent.addAndGet(piece.readableBytes()));
    }

    private Mono<Void> garbage(String line) {
        ended = true;
        Channel channel = connection.channel();
        channel.eventLoop().execute(() -> writeRaw(channel, line));
        return Mono.never();
    }

    private static void writeRaw(Channel channel, String line) {
        channel.pipeline()
                .firstContext()
                .writeAndFlush(bytes(line + "\r\n\r\n"))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private <T> Mono<T> reset() {
        connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        return close();
    }

    /** Never ends, as that would end the HTTP message. */
    private <T> Mono<T> close() {
        ended = true;
        Channel channel = connection.channel();
        // In a task of its own: what was emitted before may be written only after this call.
        channel.eventLoop().execute(() -> closeBehindWrites(channel));
        return Mono.never();
    }

    private static void closeBehindWrites(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private boolean isOpen() {
        return connection.channel().isOpen();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
