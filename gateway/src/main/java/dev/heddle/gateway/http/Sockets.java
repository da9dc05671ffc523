package dev.heddle.gateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Answers with WebSockets (RFC 6455), whose texts are read and written whole. Each is pinged once a heartbeat, and closed
 * with 4008 when its client is silent for two. Frames that are no text close it with 1003, texts larger than a body may be
 * with 1009, and the end of this instance with 1001.
 */
public final class Sockets {
    private final Duration heartbeat;
    private final int maxBytes;
    private final Scheduler scheduler;
    private final Sinks.Empty<Void> leaving = Sinks.empty();
    private final Set<Sinks.Empty<Void>> open = ConcurrentHashMap.newKeySet();

    public Sockets(Duration heartbeat, DataSize maxMessage, Scheduler scheduler) {
        this.heartbeat = heartbeat;
        this.maxBytes = Math.toIntExact(maxMessage.toBytes());
        this.scheduler = scheduler;
    }

    /** Makes a WebSocket of a request that asks for one. Whether it does, and may, is for the caller to look at. */
    public ServerResponse open(SocketHandler handler) {
        return new Upgrade(handler);
    }

    /** Closes every socket, and those that come yet; completes when all are closed. */
    public Mono<Void> leave() {
        return Mono.fromRunnable(leaving::tryEmitEmpty)
                .thenMany(Mono.defer(
                        () -> Mono.when(open.stream().map(Sinks.Empty::asMono).toList())))
                .then();
    }

    /** How many are open. */
    int count() {
        return open.size();
    }

    /** How many wait to be told that this instance stops. */
    int listeners() {
        return leaving.currentSubscriberCount();
    }

    private Mono<Void> serve(SocketHandler handler, WebsocketInbound in, WebsocketOutbound out) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            open.add(over);
            return new OpenSocket(handler, heartbeat, scheduler)
                    .serve(in, out, maxBytes, leaving.asMono())
                    .doFinally(_ -> over(over));
        });
    }

    private void over(Sinks.Empty<Void> socket) {
        open.remove(socket);
        socket.tryEmitEmpty(); // Only here.
    }

    private final class Upgrade implements ServerResponse {
        private final SocketHandler handler;

        Upgrade(SocketHandler handler) {
            this.handler = handler;
        }

        @Override
        public HttpStatusCode statusCode() {
            return HttpStatus.SWITCHING_PROTOCOLS;
        }

        @Override
        public HttpHeaders headers() {
            return new HttpHeaders();
        }

        @Override
        public MultiValueMap<String, ResponseCookie> cookies() {
            return new LinkedMultiValueMap<>();
        }

        /**
         * Completing the response sends nothing yet: it settles the headers that the handshake carries. The handshake is
         * for the event loop: on another thread, the loop could read what a client says at once before it is a WebSocket.
         */
        @Override
        public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
            HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
            var spec = WebsocketServerSpec.builder()
                    .maxFramePayloadLength(maxBytes)
                    .build();
            return exchange.getResponse()
                    .setComplete()
                    .then(Mono.defer(() -> response.sendWebsocket((in, out) -> serve(handler, in, out), spec))
                            .subscribeOn(eventLoop(response)));
        }

        private static Scheduler eventLoop(HttpServerResponse response) {
            var loop = new AtomicReference<Scheduler>(Schedulers.immediate());
            response.withConnection(connection ->
                    loop.set(Schedulers.fromExecutor(connection.channel().eventLoop())));
            return loop.get();
        }
    }
}
