package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.StreamQuery;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code GET /v1/threads/{thread_id}/events?after=&order=} follows a whole thread, all its runs and messages, and never
 * ends by itself. With {@code order=arrival} (the default) it is the thread's log, ids are {@code <seq>}; with
 * {@code order=turn} the events of a turn follow the last one of the turn before it, ids are {@code <turn>:<run_seq>}.
 * An id of no event is refused, naming {@code after}.
 */
final class ThreadEventsHandler {
    private final Threads threads;
    private final EventLog log;
    private final ThreadFeed feed;
    private final EventFrames frames;
    private final Sse sse;

    ThreadEventsHandler(Threads threads, EventLog log, ThreadFeed feed, EventFrames frames, Sse sse) {
        this.threads = threads;
        this.log = log;
        this.feed = feed;
        this.frames = frames;
        this.sse = sse;
    }

    Mono<ServerResponse> follow(ServerRequest request) {
        var id = OpenAiIds.thread("thread_id", request.pathVariable("thread_id"));
        var thread = new ThreadKey(ApiKeys.tenant(request), id);
        var cursor = StreamQuery.cursor(request);
        var followed = order(request).equals("turn") ? inTurnOrder(thread, cursor) : inArrivalOrder(thread, cursor);
        return threads.find(thread).then(followed).flatMap(sse::stream);
    }

    private Mono<Flux<SseFrame>> inArrivalOrder(ThreadKey thread, Optional<String> cursor) {
        long after = cursor.map(ThreadEventsHandler::seq).orElse(0L);
        return log.head(thread)
                .filter(head -> after <= head)
                .switchIfEmpty(Mono.error(() -> StreamQuery.noEvent(Long.toString(after))))
                .map(_ -> feed.inArrivalOrder(thread, after).map(next -> frames.inArrivalOrder(thread.id(), next)));
    }

    private Mono<Flux<SseFrame>> inTurnOrder(ThreadKey thread, Optional<String> cursor) {
        var after = cursor.map(ThreadEventsHandler::turnCursor).orElse(Cursor.START);
        return checkKnown(thread, after)
                .map(known -> feed.inTurnOrder(thread, known).map(next -> frames.inTurnOrder(thread.id(), next)));
    }

    /** A reader behind an event that never comes would wait for ever. */
    private Mono<Cursor> checkKnown(ThreadKey thread, Cursor after) {
        return after.equals(Cursor.START)
                ? Mono.just(after)
                : log.readTurn(thread, after.turn(), after.runSeq() - 1, 1)
                        .filter(events -> !events.isEmpty())
                        .switchIfEmpty(Mono.error(() -> StreamQuery.noEvent(after.toString())))
                        .thenReturn(after);
    }

    private static String order(ServerRequest request) {
        var orders = List.of("arrival", "turn");
        String order = ListQuery.given(request, "order").orElse("arrival");
        if (!orders.contains(order)) {
            throw Invalid.value("order", order, orders);
        }
        return order;
    }

    private static long seq(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw StreamQuery.wrongCursor(text, "event id in arrival order: '<seq>'");
        }
        return Long.parseLong(text);
    }

    private static Cursor turnCursor(String text) {
        if (!text.matches("\\d{1,18}:\\d{1,18}")) {
            throw StreamQuery.wrongCursor(text, "event id in turn order: '<turn>:<run_seq>'");
        }
        return Cursor.parse(text);
    }
}
