package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.StreamQuery;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.log.EventLog;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /v1/threads/{thread_id}/runs/{run_id}/events?after=} joins the stream of a run: the frames its creation
 * streams, before, during or after the run. Ids are {@code <run_seq>.<part>}; {@code after} takes one, or
 * {@code <run_seq>} for all of that event, and the stream goes on behind it with the same bytes. An id of no event is
 * refused, naming {@code after}.
 */
final class EventsHandler {
    private final Runs runs;
    private final EventLog log;
    private final RunStream stream;
    private final Sse sse;

    EventsHandler(Runs runs, EventLog log, RunStream stream, Sse sse) {
        this.runs = runs;
        this.log = log;
        this.stream = stream;
        this.sse = sse;
    }

    Mono<ServerResponse> ofRun(ServerRequest request) {
        var after = StreamQuery.cursor(request)
                .map(text -> FrameId.parse(StreamQuery.AFTER, text))
                .orElse(FrameId.START);
        return runs.find(Paths.thread(request), Paths.run(request))
                .flatMap(run -> checkKnown(run, after))
                .flatMap(run -> sse.stream(stream.frames(run, after)));
    }

    /** A reader behind an event that never comes would wait for ever. */
    private Mono<StoredRun> checkKnown(StoredRun run, FrameId after) {
        return after.equals(FrameId.START)
                ? Mono.just(run)
                : log.readTurn(run.key().thread(), run.key().turn(), after.runSeq() - 1, 1)
                        .filter(events -> !events.isEmpty())
                        .switchIfEmpty(Mono.error(() -> StreamQuery.noEvent(Long.toString(after.runSeq()))))
                        .thenReturn(run);
    }
}
