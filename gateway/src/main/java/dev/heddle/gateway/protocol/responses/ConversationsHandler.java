package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.ThreadId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on conversations. */
final class ConversationsHandler {
    private final Threads threads;
    private final Inputs inputs;
    private final RunService service;
    private final RequestReader reader;

    ConversationsHandler(Threads threads, Items items, RunService service, RequestReader reader) {
        this.threads = threads;
        this.inputs = new Inputs(items);
        this.service = service;
        this.reader = reader;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return reader.read(request, ConversationRequest::read)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(wish -> create(request, wish))
                .flatMap(ConversationsHandler::answer);
    }

    private Mono<StoredThread> create(ServerRequest request, ConversationRequest wish) {
        var tenant = ApiKeys.tenant(request);
        return inputs.resolve(tenant, wish.items())
                .doOnNext(items -> Calls.checkOutputs(CallPairs.NONE, items))
                .map(items -> wish.thread(ThreadId.fresh(), Inputs.stored(items)))
                .flatMap(thread -> RequestKeys.under(request, service, RunService::repeatable)
                        .createThread(tenant, thread));
    }

    Mono<ServerResponse> get(ServerRequest request) {
        return threads.find(Paths.conversation(request)).flatMap(ConversationsHandler::answer);
    }

    Mono<ServerResponse> modify(ServerRequest request) {
        var thread = Paths.conversation(request);
        return reader.read(request, ConversationsHandler::metadata)
                .map(metadata -> new ThreadChange(Optional.of(metadata), Optional.empty()))
                .flatMap(change ->
                        RequestKeys.under(request, threads, Threads::repeatable).change(thread, change))
                .flatMap(ConversationsHandler::answer);
    }

    /** Must be there, be it null, which takes all of it away. */
    private static Map<String, Object> metadata(JsonFields fields) {
        fields.only(Set.of("metadata")).required("metadata");
        return fields.metadata().orElse(Map.of());
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var thread = Paths.conversation(request);
        return service.deleteThread(thread).then(Mono.defer(() -> Answers.ok(DeletedJson.conversation(thread.id()))));
    }

    private static Mono<ServerResponse> answer(StoredThread thread) {
        return Answers.ok(ConversationJson.of(thread));
    }
}
