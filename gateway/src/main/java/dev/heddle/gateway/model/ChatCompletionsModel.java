package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.TcpResources;

/**
 * Any server that speaks OpenAI's chat completions (API reference, "Create chat completion", streaming). A call that
 * fails before its answer began is made again, as {@link UpstreamSettings.Retries} allow. Owns its connections.
 */
public final class ChatCompletionsModel implements ModelClient, Disposable {
    /** How long an unused connection is kept: less than the minute after which most servers close theirs. */
    private static final Duration MAX_UNUSED = Duration.ofSeconds(30);

    private final UpstreamSettings settings;
    private final Scheduler timer;
    private final ErrorReader errors;
    private final Attempts attempts;
    private final URI uri;
    private final ConnectionProvider connections;
    private final HttpClient http;

    /** {@code timer} keeps the time of timeouts and of pauses between attempts. */
    public ChatCompletionsModel(UpstreamSettings settings, Scheduler timer) {
        this.settings = settings;
        this.timer = timer;
        this.errors = new ErrorReader(settings.apiKey());
        this.attempts = new Attempts(settings.retries(), timer);
        this.uri = settings.chatCompletions();
        this.connections = connections(settings.limits());
        this.http = HttpClient.create(connections)
                // Those of the database and of our clients: an answer mostly stays on its thread.
                .runOn(TcpResources.get())
                // Its own retry would come on top of ours.
                .disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.timeouts().connect().toMillis())
                .headers(this::addHeaders);
    }

    @Override
    public Flux<ModelEvent> events(ModelCall call) {
        return Flux.defer(() -> attempt(call)).retryWhen(attempts.retry());
    }

    /** Closes all connections; calls under way fail. */
    @Override
    public void dispose() {
        connections.dispose();
    }

    private Flux<ModelEvent> attempt(ModelCall call) {
        var silence = new Silence(settings.timeouts(), timer);
        var answer = new Answer(
                silence, errors, settings.limits().maxEventBytes(), mayCall(call.toolUse()), call.tellsReasoning());
        var response = new Response(answer, silence, errors, timer);
        return http.post()
                .uri(uri)
                .send(body(call, silence))
                .response(response::reads)
                .concatMapIterable(read -> read, 1)
                .doOnRequest(silence::asked)
                .doOnNext(_ -> silence.given())
                .takeUntilOther(silence.alarm());
    }

    private static boolean mayCall(ToolUse toolUse) {
        return !toolUse.tools().isEmpty() && !(toolUse.choice() instanceof ToolChoice.None);
    }

    private static Mono<ByteBuf> body(ModelCall call, Silence silence) {
        return Mono.fromCallable(() -> Unpooled.wrappedBuffer(ChatRequest.of(call)))
                .doOnNext(_ -> silence.requestSent());
    }

    private void addHeaders(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        headers.set(HttpHeaderNames.ACCEPT, HttpHeaderValues.TEXT_EVENT_STREAM);
        headers.set(HttpHeaderNames.USER_AGENT, "heddle");
        if (!settings.apiKey().isEmpty()) {
            headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + settings.apiKey());
        }
    }

    private static ConnectionProvider connections(UpstreamSettings.Limits limits) {
        return ConnectionProvider.builder("heddle-model")
                .maxConnections(limits.maxConnections())
                .pendingAcquireMaxCount(limits.maxPendingCalls())
                .pendingAcquireTimeout(limits.maxPendingTime())
                .maxIdleTime(MAX_UNUSED)
                .lifo()
                .build();
    }
}
