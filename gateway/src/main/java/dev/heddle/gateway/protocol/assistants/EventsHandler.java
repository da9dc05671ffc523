package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two event streams of ours beside OpenAI's API.
 *
 * <p>{@code GET /v1/threads/{thread_id}/runs/{run_id}/events?after=} joins the stream of a run: the frames its creation
 * streams, before, during or after the run. Ids are {@code <run_seq>.<part>}; {@code after} takes one, or
 * {@code <run_seq>} for all of that event, and the stream goes on behind it with the same bytes.
 *
 * <p>{@code GET /v1/threads/{thread_id}/events?after=&order=} follows a whole thread, all its runs and messages, and
 * never ends by itself. With {@code order=arrival} (the default) it is the thread's log, ids are {@code <seq>}; with
 * {@code order=turn} the events of a turn follow the last one of the turn before it, ids are {@code <turn>:<run_seq>}.
 *
 * <p>The header {@code Last-Event-ID} wins over {@code after}: browsers reconnect to the first address, and only the
 * header is new. An id of no event is refused, naming {@code after}.
 */
final class EventsHandler {
    private static final String AFTER = "after";

    private final Threads threads;
    private final Runs runs;
    private final EventLog log;
    private final ThreadFeed feed;
    private final RunStream stream;
    private final Sse sse;

    EventsHandler(Threads threads, Runs runs, EventLog log, ThreadFeed feed, RunStream stream, Sse sse) {
        this.threads = threads;
        this.runs = runs;
        this.log = log;
        this.feed = feed;
        this.stream = stream;
        this.sse = sse;
    }

    Mono<ServerResponse> ofRun(ServerRequest request) {
        var after = cursor(request).map(text -> FrameId.parse(AFTER, text)).orElse(FrameId.START);
        return runs.find(Paths.thread(request), Paths.run(request))
                .flatMap(run -> checkKnown(run, after))
                .flatMap(run -> sse.stream(stream.frames(run, after)));
    }

    Mono<ServerResponse> ofThread(ServerRequest request) {
        var thread = Paths.thread(request);
        var frames = order(request).equals("turn")
                ? inTurnOrder(thread, cursor(request))
                : inArrivalOrder(thread, cursor(request));
        return threads.find(thread).then(frames).flatMap(sse::stream);
    }

    private Mono<Flux<SseFrame>> inArrivalOrder(ThreadKey thread, Optional<String> cursor) {
        long after = cursor.map(EventsHandler::seq).orElse(0L);
        return log.head(thread)
                .flatMap(head -> head < after ? Mono.error(noEvent(Long.toString(after))) : Mono.just(after))
                .map(seq -> feed.inArrivalOrder(thread, seq).map(ThreadEventFrames::inArrivalOrder));
    }

    private Mono<Flux<SseFrame>> inTurnOrder(ThreadKey thread, Optional<String> cursor) {
        var after = cursor.map(EventsHandler::turnCursor).orElse(Cursor.START);
        return checkKnown(thread, after)
                .map(known -> feed.inTurnOrder(thread, known).map(ThreadEventFrames::inTurnOrder));
    }

    private Mono<StoredRun> checkKnown(StoredRun run, FrameId after) {
        return after.equals(FrameId.START)
                ? Mono.just(run)
                : checkEvent(run.key().thread(), run.key().turn(), after.runSeq(), Long.toString(after.runSeq()))
                        .thenReturn(run);
    }

    private Mono<Cursor> checkKnown(ThreadKey thread, Cursor after) {
        return after.equals(Cursor.START)
                ? Mono.just(after)
                : checkEvent(thread, after.turn(), after.runSeq(), after.toString())
                        .thenReturn(after);
    }

    /** A reader behind an event that never comes would wait for ever. */
    private Mono<Void> checkEvent(ThreadKey thread, long turn, long runSeq, String cursor) {
        return log.readTurn(thread, turn, runSeq - 1, 1)
                .flatMap(events -> events.isEmpty() ? Mono.error(noEvent(cursor)) : Mono.empty());
    }

    private static String order(ServerRequest request) {
        var orders = List.of("arrival", "turn");
        String order = ListQuery.given(request, "order").orElse("arrival");
        if (!orders.contains(order)) {
            throw Invalid.value("order", order, orders);
        }
        return order;
    }

    private static Optional<String> cursor(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
                .filter(id -> !id.isEmpty())
                .or(() -> ListQuery.given(request, AFTER));
    }

    private static long seq(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw Invalid.because(AFTER, "'" + text + "' is no event id in arrival order: '<seq>'.");
        }
        return Long.parseLong(text);
    }

    private static Cursor turnCursor(String text) {
        if (!text.matches("\\d{1,18}:\\d{1,18}")) {
            throw Invalid.because(AFTER, "'" + text + "' is no event id in turn order: '<turn>:<run_seq>'.");
        }
        return Cursor.parse(text);
    }

    private static ProblemException noEvent(String cursor) {
        return Invalid.because(AFTER, "there is no event '" + cursor + "'.");
    }
}
