package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.SocketHandler;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.core.JacksonException;

/**
 * One socket of {@code GET /v1/stream}: many threads, each in arrival order, and each at the pace at which its client grants
 * credit. What the client says is done in order. Answers and subscriptions take turns on the socket, one after the other,
 * so that none has more than a page in memory, and none waits for one that has no credit.
 */
final class ThreadSocket implements SocketHandler {
    static final int MAX_SUBSCRIPTIONS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ThreadSocket.class);
    private static final Duration LIFE = Duration.ofMinutes(60);
    private static final int MAX_ERRORS = 100;

    private final ThreadSocketParts parts;
    private final TenantId tenant;
    private final Optional<Tickets.Scope> scope;
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private int errors;

    /** {@code scope} is that of the ticket by which the socket was opened, if it was. */
    ThreadSocket(ThreadSocketParts parts, TenantId tenant, Optional<Tickets.Scope> scope) {
        this.parts = parts;
        this.tenant = tenant;
        this.scope = scope;
    }

    @Override
    public Duration life() {
        return LIFE;
    }

    @Override
    public Flux<SocketFrame> lastWords() {
        return Flux.just(SocketWords.TOO_OLD);
    }

    /** At most one answer and one turn of each subscription wait at a time, so the turns need no other bound. */
    @Override
    public Flux<SocketFrame> frames(Flux<byte[]> messages) {
        return Flux.<Flux<SocketFrame>>create(turns -> listen(messages, turns), FluxSink.OverflowStrategy.BUFFER)
                .concatMap(Function.identity(), 1)
                .doFinally(_ -> subscriptions.values().forEach(Subscription::close));
    }

    private void listen(Flux<byte[]> messages, FluxSink<Flux<SocketFrame>> turns) {
        turns.onDispose(messages.concatMap(message -> handle(message, turns), 1)
                .subscribe(null, turns::error, turns::complete));
    }

    /** Completes when the client has been given the answer, if there is one: the next message is read then. */
    private Mono<Void> handle(byte[] message, FluxSink<Flux<SocketFrame>> turns) {
        return Mono.defer(() -> {
            var fields = fields(message);
            return fields.map(read -> done(read, turns)).orElseGet(() -> say(SocketWords.NOT_UNDERSTOOD, turns));
        });
    }

    private static Optional<JsonFields> fields(byte[] message) {
        try {
            return Optional.of(Json.read(message))
                    .filter(node -> node.isObject())
                    .map(JsonFields::ofObject);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private Mono<Void> done(JsonFields message, FluxSink<Flux<SocketFrame>> turns) {
        return Mono.defer(() -> done(SocketMessage.read(message), turns))
                .onErrorResume(error -> refuse(error, threadOf(message), turns));
    }

    /** As the client spells it; nothing that is too long to be one is told back. */
    private static @Nullable String threadOf(JsonFields message) {
        return message.find("thread_id").filter(id -> id.length() <= 64).orElse(null);
    }

    private Mono<Void> done(SocketMessage message, FluxSink<Flux<SocketFrame>> turns) {
        return switch (message) {
            case SocketMessage.Subscribe subscribe -> subscribe(subscribe, turns);
            case SocketMessage.Credit credit -> credit(credit, turns);
            case SocketMessage.Unsubscribe unsubscribe -> unsubscribe(unsubscribe, turns);
        };
    }

    private Mono<Void> subscribe(SocketMessage.Subscribe message, FluxSink<Flux<SocketFrame>> turns) {
        var thread = new ThreadKey(tenant, message.thread());
        if (scope.filter(given -> !given.thread().equals(thread)).isPresent()) {
            throw new ProblemException(new Problem.ThreadNotFound(thread.id()));
        }
        checkRoom(thread);
        return parts.threads()
                .find(thread)
                .then(parts.log().head(thread))
                .flatMap(head -> begin(new Subscription(thread, message), head, turns));
    }

    private void checkRoom(ThreadKey thread) {
        if (subscriptions.values().stream().anyMatch(open -> open.thread().equals(thread))) {
            throw Invalid.because("thread_id", "the socket has this thread already.");
        }
        if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
            throw Invalid.because("thread_id", "the socket has " + MAX_SUBSCRIPTIONS + " threads, as many as it may.");
        }
    }

    /** It listens only once its client knows of it, so no event comes before that. */
    private Mono<Void> begin(Subscription subscription, long head, FluxSink<Flux<SocketFrame>> turns) {
        if (subscription.after() > head) {
            throw Invalid.because("after", "there is no event '" + subscription.after() + "'.");
        }
        subscriptions.put(subscription.threadId(), subscription);
        return say(SocketWords.subscribed(subscription.threadId(), subscription.after(), head), turns)
                .then(Mono.fromRunnable(() -> subscription.listen(rings(subscription, turns))));
    }

    private Disposable rings(Subscription subscription, FluxSink<Flux<SocketFrame>> turns) {
        return parts.doorbell()
                .rings(subscription.thread().id())
                .subscribe(_ -> queue(subscription, subscription.ring(), turns), turns::error);
    }

    private Mono<Void> credit(SocketMessage.Credit message, FluxSink<Flux<SocketFrame>> turns) {
        var subscription = open(message);
        if (message.credit() > SocketMessage.MAX_CREDIT - subscription.credit()) {
            throw Invalid.because(
                    "credit",
                    "a thread may have " + SocketMessage.MAX_CREDIT + " events of credit outstanding at most.");
        }
        queue(subscription, subscription.grant(message.credit()), turns);
        return Mono.empty();
    }

    private Mono<Void> unsubscribe(SocketMessage.Unsubscribe message, FluxSink<Flux<SocketFrame>> turns) {
        close(open(message));
        return say(SocketWords.unsubscribed(message.threadId()), turns);
    }

    private Subscription open(SocketMessage message) {
        return Optional.ofNullable(subscriptions.get(message.threadId()))
                .orElseThrow(() -> Invalid.because("thread_id", "the socket does not have this thread."));
    }

    private void close(Subscription subscription) {
        subscriptions.remove(subscription.threadId());
        subscription.close();
    }

    private Mono<Void> refuse(Throwable error, @Nullable String thread, FluxSink<Flux<SocketFrame>> turns) {
        var told = SocketWords.error(StreamsErrors.render(error).orElseGet(() -> unexpected(error)), thread);
        return ++errors < MAX_ERRORS
                ? say(told, turns)
                : say(told, turns).then(say(SocketWords.TOO_MANY_ERRORS, turns));
    }

    private static OpenAiError unexpected(Throwable error) {
        LOG.error("A thread socket could not do what it was asked for", error);
        return new OpenAiError(500, "server_error", "The server had an error. Try again.", null, "server_error");
    }

    /** Completes when it was said. */
    private static Mono<Void> say(SocketFrame frame, FluxSink<Flux<SocketFrame>> turns) {
        return Mono.defer(() -> {
            var said = Sinks.<Void>empty();
            turns.next(Flux.just(frame).doFinally(_ -> said.tryEmitEmpty()));
            return said.asMono();
        });
    }

    private void queue(Subscription subscription, boolean due, FluxSink<Flux<SocketFrame>> turns) {
        if (due) {
            turns.next(turn(subscription, turns));
        }
    }

    /** A page of events at most, and then the next one's turn. */
    private Flux<SocketFrame> turn(Subscription subscription, FluxSink<Flux<SocketFrame>> turns) {
        return Flux.defer(() -> page(subscription))
                .map(event -> SocketWords.event(subscription.threadId(), event))
                .onErrorResume(error -> broken(subscription, error))
                .doOnComplete(() -> queue(subscription, subscription.end(), turns));
    }

    private Flux<SseFrame> page(Subscription subscription) {
        int limit = subscription.begin();
        var thread = subscription.thread();
        return limit == 0
                ? Flux.empty()
                : parts.feed()
                        .page(thread, subscription.after(), limit)
                        .doOnNext(subscription::take)
                        .flatMapIterable(Function.identity())
                        .map(followed -> parts.frames().inArrivalOrder(thread.id(), followed));
    }

    private Flux<SocketFrame> broken(Subscription subscription, Throwable error) {
        close(subscription);
        return Flux.just(
                SocketWords.error(unexpected(error), subscription.threadId()),
                SocketWords.unsubscribed(subscription.threadId()));
    }
}
