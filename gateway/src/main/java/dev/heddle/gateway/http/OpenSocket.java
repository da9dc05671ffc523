package dev.heddle.gateway.http;

import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** One WebSocket from its handshake to its end. */
final class OpenSocket {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSocket.class);
    private static final int AHEAD = 32;

    /** How long a client may take to read its last frames and the code, once the socket is to close. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final SocketHandler handler;
    private final Duration heartbeat;
    private final Scheduler scheduler;
    private final Incoming incoming;
    private final Sinks.One<SocketFrame.Close> closing = Sinks.one();
    private final Sinks.Empty<Void> said = Sinks.empty();
    private volatile SocketFrame.Close last = SocketFrame.Close.DONE;

    OpenSocket(SocketHandler handler, Duration heartbeat, Scheduler scheduler) {
        this.handler = handler;
        this.heartbeat = heartbeat;
        this.scheduler = scheduler;
        this.incoming = new Incoming(scheduler);
    }

    /** Serves the socket; completes when it is over, whoever ended it. */
    Mono<Void> serve(WebsocketInbound in, WebsocketOutbound out, int maxBytes, Mono<Void> leaving) {
        in.withConnection(connection -> connection.onDispose(incoming::connectionClosed));
        in.aggregateFrames(maxBytes).receiveFrames().subscribe(incoming);
        // Not cached: every part of it can be asked again, and a cache would go on listening when the socket is over.
        var toClose = Mono.firstWithValue(
                incoming.refused(), leaving.thenReturn(SocketFrame.Close.LEAVING), closing.asMono());
        var sent = out.sendObject(Flux.merge(AHEAD, texts(toClose), pings()))
                .then()
                .then(Mono.defer(() -> out.sendObject(last.frame()).then()))
                .then(Mono.defer(() -> heardOut(in)));
        return Mono.firstWithSignal(sent, incoming.gone(), cutOff(toClose, in))
                .onErrorResume(AbortedException.class, _ -> Mono.empty()); // The connection went while we wrote.
    }

    /** What the handler says, until one of the two ends. */
    private Flux<WebSocketFrame> texts(Mono<SocketFrame.Close> toClose) {
        return framesOfLife()
                .onErrorResume(this::broken)
                .takeUntilOther(toClose)
                .concatWith(toClose.or(Mono.just(SocketFrame.Close.DONE)))
                .takeUntil(SocketFrame.Close.class::isInstance)
                .doFinally(_ -> said.tryEmitEmpty())
                .handle((frame, sink) -> {
                    switch (frame) {
                        case SocketFrame.Text text -> sink.next(new TextWebSocketFrame(text.utf8()));
                        case SocketFrame.Close close -> last = close;
                    }
                });
    }

    private Flux<SocketFrame> framesOfLife() {
        return Flux.defer(() -> handler.frames(incoming.messages()))
                .concatWith(Mono.just(SocketFrame.Close.DONE))
                .takeUntilOther(Mono.delay(handler.life(), scheduler))
                .concatWith(Flux.defer(handler::lastWords));
    }

    private Mono<SocketFrame> broken(Throwable error) {
        LOG.error("A socket broke", error);
        return Mono.just(SocketFrame.Close.BROKEN);
    }

    /** The other end is looked at on every beat, but a ping is only made when there is room for it. */
    private Flux<WebSocketFrame> pings() {
        return Flux.interval(heartbeat, scheduler)
                .doOnNext(_ -> listen())
                .onBackpressureDrop()
                .<WebSocketFrame>map(_ -> new PingWebSocketFrame())
                .takeUntilOther(said.asMono());
    }

    private void listen() {
        if (incoming.silentMillis() >= 2 * heartbeat.toMillis()) {
            closing.tryEmitValue(SocketFrame.Close.SILENT); // Once is enough.
        }
    }

    /** The code was said. The other end closes now; one that does not is not waited for. */
    private Mono<Void> heardOut(WebsocketInbound in) {
        in.withConnection(HalfClose::of);
        return incoming.gone().take(GRACE, scheduler).doOnSuccess(_ -> in.withConnection(Connection::dispose));
    }

    /** A client that does not read to the end why its socket closes is not waited for. */
    private Mono<Void> cutOff(Mono<SocketFrame.Close> toClose, WebsocketInbound in) {
        var slowEnd = said.asMono().then(Mono.delay(heartbeat.multipliedBy(2), scheduler));
        return Mono.firstWithSignal(toClose.delayElement(GRACE, scheduler), slowEnd)
                .doOnNext(_ -> in.withConnection(Connection::dispose))
                .then();
    }
}
