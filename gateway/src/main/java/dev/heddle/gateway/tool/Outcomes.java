package dev.heddle.gateway.tool;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Says what an answer of a tool, or the lack of one, comes to. */
final class Outcomes {
    private static final Logger log = LoggerFactory.getLogger(Outcomes.class);
    private static final int MAX_ERROR_BYTES = 1 << 16;
    private static final Set<Integer> STATUSES_THAT_MAY_PASS = Set.of(429, 502, 503, 504);

    private final HttpToolSettings settings;
    private final Words words;

    Outcomes(HttpToolSettings settings) {
        this.settings = settings;
        this.words = new Words(settings.name());
    }

    /** Reads no more of the body than is wanted; the rest ends with the connection. */
    Mono<Outcome> answered(HttpClientResponse response, ByteBufFlux bytes) {
        return response.status().code() / 100 == 2 ? said(bytes) : refused(response, bytes);
    }

    Mono<Outcome> tooSlow() {
        return Mono.fromSupplier(
                () -> new Outcome.Final(words.tooSlow(settings.limits().timeout())));
    }

    String notAnObject() {
        return words.notAnObject();
    }

    Outcome failed(Throwable failure) {
        return switch (failure) {
            case ConnectException _, NoRouteToHostException _, UnknownHostException _ -> passing(words.unreachable());
            case SSLException _ -> new Outcome.Final(words.insecure());
            case IOException _, AbortedException _ -> passing(words.brokenOff());
            case PoolAcquirePendingLimitException _, PoolAcquireTimeoutException _ ->
                new Outcome.Final(words.tooManyCalls());
            default -> unexplained(failure);
        };
    }

    private Mono<Outcome> said(ByteBufFlux bytes) {
        int maxBytes = settings.limits().maxOutputBytes();
        return body(bytes, maxBytes)
                .map(body -> withoutSecret(body.text()) + (body.isCut() ? Words.cut(maxBytes) : ""))
                .map(Outcome.Final::new);
    }

    private Mono<Outcome> refused(HttpClientResponse response, ByteBufFlux bytes) {
        int status = response.status().code();
        if (status < 400) {
            return Mono.just(new Outcome.Final(words.redirected(status)));
        }
        return body(bytes, MAX_ERROR_BYTES)
                .map(body -> words.refused(status, withoutSecret(body.text())))
                .onErrorReturn(words.refused(status, ""))
                .map(output -> STATUSES_THAT_MAY_PASS.contains(status)
                        ? new Outcome.Passing(output, retryAfter(response))
                        : new Outcome.Final(output));
    }

    private static Mono<Body> body(ByteBufFlux bytes, int maxBytes) {
        return Mono.defer(() -> {
            var body = new Body(maxBytes);
            return bytes.asByteArray()
                    .doOnNext(body::add)
                    .takeUntil(_ -> body.isCut())
                    .then(Mono.just(body));
        });
    }

    private static Optional<String> retryAfter(HttpClientResponse response) {
        return Optional.ofNullable(response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER))
                .map(String::strip);
    }

    private String withoutSecret(String text) {
        return settings.secret().map(secret -> secret.hiddenIn(text)).orElse(text);
    }

    private Outcome unexplained(Throwable failure) {
        log.warn("tool {} could not be called", settings.name(), failure);
        return new Outcome.Final(words.unexplained());
    }

    private static Outcome passing(String output) {
        return new Outcome.Passing(output, Optional.empty());
    }
}
