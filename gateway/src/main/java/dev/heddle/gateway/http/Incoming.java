package dev.heddle.gateway.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * What the other end of a WebSocket says. Reads a message when somebody wants it, and no further: the rest waits in the
 * network. Lives as long as the connection does: to cancel it would cut the connection off without a code.
 */
final class Incoming extends BaseSubscriber<WebSocketFrame> {
    private final Scheduler scheduler;
    private final Sinks.Many<byte[]> messages =
            Sinks.many().unicast().onBackpressureBuffer(Queues.<byte[]>one().get());
    private final Sinks.One<SocketFrame.Close> refused = Sinks.one();
    private final Sinks.Empty<Void> gone = Sinks.empty();
    private volatile boolean reading;
    private volatile long heardMillis;

    Incoming(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.heardMillis = now();
    }

    /** Once this is cancelled, what the other end still says is read and dropped. */
    Flux<byte[]> messages() {
        return messages.asFlux()
                .doOnRequest(this::read)
                .doOnCancel(() -> read(Long.MAX_VALUE))
                .limitRate(1);
    }

    /** How to close the socket, when its other end has said what cannot be read. */
    Mono<SocketFrame.Close> refused() {
        return refused.asMono();
    }

    /** Completes when the other end has gone. */
    Mono<Void> gone() {
        return gone.asMono();
    }

    void connectionClosed() {
        end();
    }

    /** For how long nothing was heard that could have been: what waits unread is nobody's silence. */
    long silentMillis() {
        return reading ? now() - heardMillis : 0;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Asks for nothing: whoever takes the messages does.
    }

    @Override
    protected void hookOnNext(WebSocketFrame frame) {
        heardMillis = now();
        switch (frame) {
            case TextWebSocketFrame text -> heard(text);
            case PongWebSocketFrame _ -> request(1);
            default -> refuse(SocketFrame.Close.NOT_TEXT);
        }
    }

    @Override
    protected void hookOnComplete() {
        end();
    }

    /** Frames that are too large, or not what a frame is, break the decoding; anything else broke the connection. */
    @Override
    protected void hookOnError(Throwable error) {
        if (error instanceof TooLongFrameException) {
            refuse(SocketFrame.Close.TOO_LARGE);
        } else {
            end();
        }
    }

    private void read(long messages) {
        heardMillis = now();
        reading = true;
        request(messages);
    }

    private void heard(TextWebSocketFrame text) {
        byte[] utf8 = new byte[text.content().readableBytes()];
        text.content().readBytes(utf8);
        reading = false;
        // One was asked for, so there is room; one that nobody wants any more is dropped.
        if (messages.tryEmitNext(utf8).isFailure()) {
            reading = true;
        }
    }

    private void refuse(SocketFrame.Close how) {
        refused.tryEmitValue(how); // The first reason is the one that counts.
    }

    private void end() {
        messages.tryEmitComplete(); // Its end, or that of the connection: both may come, in either order.
        gone.tryEmitEmpty();
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
