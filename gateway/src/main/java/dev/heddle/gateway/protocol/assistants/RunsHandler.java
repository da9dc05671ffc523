package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.MetadataRequest;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on runs that exist. */
final class RunsHandler {
    private static final String POLL_AFTER = "openai-poll-after-ms";

    private final Threads threads;
    private final Runs runs;
    private final RunService service;
    private final RequestReader reader;
    private final Duration pollAfter;

    RunsHandler(Threads threads, Runs runs, RunService service, RequestReader reader, Duration pollAfter) {
        this.threads = threads;
        this.runs = runs;
        this.service = service;
        this.reader = reader;
        this.pollAfter = pollAfter;
    }

    /** Tells pollers how long to wait, as long as there is something to wait for. */
    Mono<ServerResponse> get(ServerRequest request) {
        return runs.find(Paths.thread(request), Paths.run(request))
                .flatMap(run -> run.status().isActive() ? answerToPoller(run) : answer(run));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var thread = Paths.thread(request);
        var query = ListQuery.of(request, OpenAiIds::run);
        return threads.find(thread)
                .flatMap(_ -> runs.list(thread, query))
                .map(page -> ListJson.of(page, RunJson::of, RunJson::id))
                .flatMap(Answers::ok);
    }

    Mono<ServerResponse> modify(ServerRequest request) {
        var thread = Paths.thread(request);
        var run = Paths.run(request);
        return reader.read(request, MetadataRequest::read)
                .flatMap(metadata -> modify(RequestKeys.under(request, runs, Runs::repeatable), thread, run, metadata))
                .flatMap(RunsHandler::answer);
    }

    Mono<ServerResponse> cancel(ServerRequest request) {
        RequestKeys.noteWithoutBody(request);
        return RequestKeys.under(request, service, RunService::repeatable)
                .stop(Paths.thread(request), Paths.run(request))
                .flatMap(RunsHandler::answer);
    }

    private static Mono<StoredRun> modify(
            Runs once, ThreadKey thread, RunId run, Optional<Map<String, Object>> metadata) {
        return metadata.map(given -> once.replaceMetadata(thread, run, given)).orElseGet(() -> once.find(thread, run));
    }

    private Mono<ServerResponse> answerToPoller(StoredRun run) {
        return Answers.ok(RunJson.of(run), POLL_AFTER, Long.toString(pollAfter.toMillis()));
    }

    private static Mono<ServerResponse> answer(StoredRun run) {
        return Answers.ok(RunJson.of(run));
    }
}
