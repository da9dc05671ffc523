package dev.heddle.gateway.tool;

import dev.heddle.gateway.engine.ToolRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * One tool behind one URL: a call is a {@code POST} of its arguments, the answer's body is the output. Owns its
 * connections.
 */
final class HttpTool implements Disposable {
    private static final int MAX_CONNECTIONS = 500;
    private static final int MAX_PENDING_CALLS = 1_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** How long an unused connection is kept: less than the five seconds after which some servers close theirs. */
    private static final Duration MAX_UNUSED = Duration.ofSeconds(4);

    private final HttpToolSettings settings;
    private final Scheduler timer;
    private final Outcomes outcomes;
    private final Repeats repeats;
    private final ConnectionProvider connections;
    private final HttpClient http;

    HttpTool(HttpToolSettings settings, Scheduler timer) {
        this.settings = settings;
        this.timer = timer;
        this.outcomes = new Outcomes(settings);
        this.repeats = new Repeats(settings.idempotent());
        this.connections = connections(settings);
        this.http = HttpClient.create(connections)
                // Its own retry would make calls twice that may be made only once.
                .disableRetry(true)
                .followRedirect(false)
                // A connection that its server is just closing would leave it open whether the call was made.
                .keepAlive(settings.idempotent())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .headers(this::addHeaders);
    }

    ToolRunner.ServerTool described() {
        return new ToolRunner.ServerTool(settings.definition(), settings.idempotent());
    }

    /** Never fails: what went wrong is the output. Cancelling closes the connection. */
    Mono<String> output(ToolRunner.Call call) {
        return Mono.defer(() -> {
            var arguments = call.arguments().isBlank() ? "{}" : call.arguments();
            return JsonText.isObject(arguments)
                    ? output(new Request(call, arguments), 0)
                    : Mono.just(outcomes.notAnObject());
        });
    }

    /** Closes all connections; calls under way end. */
    @Override
    public void dispose() {
        connections.dispose();
    }

    private record Request(ToolRunner.Call call, String body) {}

    private Mono<String> output(Request request, int repeatsMade) {
        return outcome(request)
                .flatMap(outcome -> repeats.pauseAfter(outcome, repeatsMade)
                        .map(pause -> Mono.delay(pause, timer).flatMap(_ -> output(request, repeatsMade + 1)))
                        .orElseGet(() -> Mono.just(outcome.output())));
    }

    private Mono<Outcome> outcome(Request request) {
        return http.headers(headers ->
                        headers.set("Idempotency-Key", request.call().id().value()))
                .post()
                .uri(settings.url().uri())
                .send(body(request))
                .response((response, bytes) -> outcomes.answered(response, bytes))
                .single()
                .timeout(settings.limits().timeout(), outcomes.tooSlow(), timer)
                .onErrorResume(failure -> Mono.fromSupplier(() -> outcomes.failed(failure)));
    }

    private static Mono<ByteBuf> body(Request request) {
        return Mono.fromCallable(() -> Unpooled.wrappedBuffer(request.body().getBytes(StandardCharsets.UTF_8)));
    }

    private void addHeaders(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        headers.set(HttpHeaderNames.USER_AGENT, "heddle");
        settings.secret().ifPresent(secret -> headers.set(secret.name(), secret.value()));
    }

    private static ConnectionProvider connections(HttpToolSettings settings) {
        return ConnectionProvider.builder("heddle-tool-" + settings.name())
                .maxConnections(MAX_CONNECTIONS)
                .pendingAcquireMaxCount(MAX_PENDING_CALLS)
                .pendingAcquireTimeout(settings.limits().timeout())
                .maxIdleTime(MAX_UNUSED)
                .lifo()
                .build();
    }
}
