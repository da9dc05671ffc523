package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SocketFrame;
import dev.heddle.gateway.http.SocketHandler;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * One socket on which responses are created (Responses API, "WebSocket mode"). Its streams work beside one another, and
 * each makes its responses one by one, in the order in which they were asked for. When the client goes, responses that
 * are stored go on; the others are stopped.
 */
final class ResponsesSocket implements SocketHandler {
    static final int MAX_STREAMS = 32;
    static final int MAX_IN_FLIGHT = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ResponsesSocket.class);
    private static final Duration LIFE = Duration.ofMinutes(60);
    private static final Duration RENEWAL = Duration.ofMinutes(5);
    private static final long START = -1;

    /** How many requests may wait here; further ones wait in the network. */
    private static final int MAX_WAITING = 32;

    private static final int AHEAD = 16;

    /** Those with names, the default one, and that of requests that belong to none. */
    private static final int GROUPS = MAX_STREAMS + 2;

    /** No stream is named so. */
    private static final String NO_STREAM = "/";

    private final Creation creation;
    private final ResponseStream responses;
    private final AbandonedRuns abandoned;
    private final Continuations continuations;
    private final Requester requester;
    private final Scheduler timer;
    private final Slots slots = new Slots(MAX_IN_FLIGHT);
    private final Set<String> named = new HashSet<>();

    ResponsesSocket(
            Creation creation,
            ResponseStream responses,
            AbandonedRuns abandoned,
            Continuations continuations,
            Requester requester,
            Scheduler timer) {
        this.creation = creation;
        this.responses = responses;
        this.abandoned = abandoned;
        this.continuations = continuations;
        this.requester = requester;
        this.timer = timer;
    }

    @Override
    public Flux<SocketFrame> frames(Flux<byte[]> messages) {
        return messages.map(SocketRequest::read)
                .map(this::withinLimits)
                .groupBy(this::group, MAX_WAITING)
                // All groups at once, since none waits for another one; inside each the order is kept.
                .flatMap(stream -> stream.concatMap(this::answer, 1), GROUPS, AHEAD)
                .mergeWith(held());
    }

    @Override
    public Duration life() {
        return LIFE;
    }

    @Override
    public Flux<SocketFrame> lastWords() {
        return Flux.just(SocketErrors.lifeOver(), SocketFrame.close(1000, "websocket_connection_limit_reached"));
    }

    /** Says nothing; keeps what the socket may go on from. */
    private Flux<SocketFrame> held() {
        return Flux.interval(RENEWAL, timer)
                .onBackpressureDrop()
                .concatMap(_ -> continuations.hold().onErrorComplete(), 1)
                .cast(SocketFrame.class);
    }

    private SocketRequest withinLimits(SocketRequest request) {
        String stream = request.stream();
        if (isOpen(stream)) {
            return request;
        }
        if (named.size() == MAX_STREAMS) {
            return new SocketRequest.Refused(stream, SocketRequest.tooManyStreams(MAX_STREAMS), Optional.empty());
        }
        named.add(stream);
        return request;
    }

    private String group(SocketRequest request) {
        return switch (request) {
            case SocketRequest.Create create -> create.stream();
            // Its turn comes, so that nobody takes it for the end of the response before it.
            case SocketRequest.Refused refused when isOpen(refused.stream()) -> refused.stream();
            case SocketRequest.Refused _ -> NO_STREAM;
            // It is about the response that its stream makes.
            case SocketRequest.Steer _ -> NO_STREAM;
        };
    }

    private boolean isOpen(String stream) {
        return stream.isEmpty() || named.contains(stream);
    }

    private Flux<SocketFrame> answer(SocketRequest request) {
        return switch (request) {
            case SocketRequest.Create create -> slots.use(create(create));
            case SocketRequest.Steer steer -> Flux.just(SocketErrors.steeringNotSupported(steer));
            case SocketRequest.Refused refused -> Flux.defer(() -> refused(refused));
        };
    }

    private Flux<SocketFrame> refused(SocketRequest.Refused request) {
        request.parent().ifPresent(parent -> continuations.failed(request.stream(), parent));
        return Flux.just(SocketErrors.of(request.stream(), request.problem()));
    }

    private Flux<SocketFrame> create(SocketRequest.Create request) {
        return creation.start(requester, request.wish())
                .doOnNext(run -> continuations.advance(request.stream(), run.key()))
                .flatMapMany(run -> response(request, run))
                .onErrorResume(error -> Flux.just(refused(request, error)));
    }

    private Flux<SocketFrame> response(SocketRequest.Create request, StoredRun run) {
        var frames = responses.frames(run, START).map(told(request.stream()));
        return request.wish().echo().store() ? frames : frames.doOnCancel(() -> abandoned.stop(run.key()));
    }

    /** The default stream is not named. */
    private static Function<SseFrame, SocketFrame> told(String stream) {
        if (stream.isEmpty()) {
            return SocketFrame::data;
        }
        byte[] members = Json.utf8("{\"stream_id\":\"" + stream + "\",");
        return frame -> SocketFrame.data(members, frame);
    }

    private SocketFrame refused(SocketRequest.Create request, Throwable error) {
        request.wish().parent().ifPresent(parent -> continuations.failed(request.stream(), parent));
        if (error instanceof ProblemException known) {
            Problem problem = known.problem();
            return SocketErrors.of(request.stream(), problem);
        }
        LOG.error("A response on a socket could not be created", error);
        return SocketErrors.unexpected(request.stream());
    }
}
