package dev.heddle.gateway.model;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClientResponse;

/** Takes the response to one attempt: a stream is read as the answer, anything else as a report of what went wrong. */
final class Response {
    private static final int MAX_ERROR_BYTES = 1 << 16;

    /** How long a whole answer may take to end as HTTP message, so that its connection can be used again. */
    private static final Duration LINGER = Duration.ofMillis(250);

    private final Answer answer;
    private final Silence silence;
    private final ErrorReader errors;
    private final Scheduler timer;

    Response(Answer answer, Silence silence, ErrorReader errors, Scheduler timer) {
        this.answer = answer;
        this.silence = silence;
        this.errors = errors;
        this.timer = timer;
    }

    Flux<Read> reads(HttpClientResponse response, ByteBufFlux bytes) {
        return isSuccess(response) && isEventStream(response) ? stream(bytes) : error(response, bytes);
    }

    private Flux<Read> stream(ByteBufFlux bytes) {
        Sinks.Empty<Void> whole = Sinks.empty();
        return bytes.map(answer::read)
                .doOnNext(_ -> tellIfWhole(whole))
                .concatWith(Mono.fromSupplier(answer::ended))
                .onErrorResume(answer::broken)
                .takeUntil(Read::isFailed)
                .takeUntilOther(whole.asMono().then(Mono.delay(LINGER, timer)));
    }

    private void tellIfWhole(Sinks.Empty<Void> whole) {
        if (answer.isWhole()) {
            whole.tryEmitEmpty(); // Again with each later piece: the first time counts.
        }
    }

    private Flux<Read> error(HttpClientResponse response, ByteBufFlux bytes) {
        var body = new ByteArrayOutputStream();
        return bytes.asByteArray()
                .doOnNext(body::writeBytes)
                .doOnNext(_ -> silence.heard())
                .takeUntil(_ -> body.size() >= MAX_ERROR_BYTES)
                .onErrorComplete()
                .thenMany(Flux.error(() -> failure(response, errors.read(body.toByteArray()))));
    }

    private RuntimeException failure(HttpClientResponse response, UpstreamError error) {
        if (!isSuccess(response)) {
            return new Refusal(response.status().code(), error, retryAfter(response));
        }
        return error.equals(UpstreamError.UNSAID)
                ? Failures.notAStream(contentType(response))
                : Failures.reported(error);
    }

    private Optional<Duration> retryAfter(HttpClientResponse response) {
        return RetryAfter.of(response.responseHeaders(), Instant.ofEpochMilli(timer.now(TimeUnit.MILLISECONDS)));
    }

    private static boolean isSuccess(HttpClientResponse response) {
        return response.status().code() / 100 == 2;
    }

    private static boolean isEventStream(HttpClientResponse response) {
        return contentType(response).toLowerCase(Locale.ROOT).startsWith(HttpHeaderValues.TEXT_EVENT_STREAM.toString());
    }

    private static String contentType(HttpClientResponse response) {
        return response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
    }
}
