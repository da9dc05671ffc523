package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.ThreadKey;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on threads. */
final class ThreadsHandler {
    private final Threads threads;
    private final RunService runs;
    private final RequestReader reader;

    ThreadsHandler(Threads threads, RunService runs, RequestReader reader) {
        this.threads = threads;
        this.runs = runs;
        this.reader = reader;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return reader.read(request, ThreadRequest::read)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(thread -> RequestKeys.under(request, runs, RunService::repeatable)
                        .createThread(ApiKeys.tenant(request), thread))
                .flatMap(ThreadsHandler::answer);
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var filter = ThreadQuery.read(request);
        return threads.list(ApiKeys.tenant(request), filter, ListQuery.of(request, OpenAiIds::thread))
                .map(page -> ListJson.of(page, ThreadJson::of, ThreadJson::id))
                .flatMap(Answers::ok);
    }

    Mono<ServerResponse> get(ServerRequest request) {
        return threads.find(Paths.thread(request)).flatMap(ThreadsHandler::answer);
    }

    Mono<ServerResponse> modify(ServerRequest request) {
        var thread = Paths.thread(request);
        return reader.read(request, ThreadModification::read)
                .flatMap(change -> modify(request, thread, change))
                .flatMap(ThreadsHandler::answer);
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var thread = Paths.thread(request);
        return runs.deleteThread(thread)
                .then(Mono.defer(() -> Answers.ok(DeletedJson.thread(OpenAiIds.thread(thread.id())))));
    }

    private Mono<StoredThread> modify(ServerRequest request, ThreadKey thread, ThreadChange change) {
        return change.isEmpty()
                ? threads.find(thread)
                : RequestKeys.under(request, threads, Threads::repeatable).change(thread, change);
    }

    private static Mono<ServerResponse> answer(StoredThread thread) {
        return Answers.ok(ThreadJson.of(thread));
    }
}
