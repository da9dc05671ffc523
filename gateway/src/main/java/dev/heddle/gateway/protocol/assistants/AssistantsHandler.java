package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.Assistants;
import dev.heddle.streaming.run.AssistantId;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on assistants. */
final class AssistantsHandler {
    private final Assistants assistants;
    private final RequestReader reader;

    AssistantsHandler(Assistants assistants, RequestReader reader) {
        this.assistants = assistants;
        this.reader = reader;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return reader.read(request, AssistantRequest::toCreate)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(spec -> once(request).create(ApiKeys.tenant(request), spec))
                .flatMap(AssistantsHandler::answer);
    }

    Mono<ServerResponse> get(ServerRequest request) {
        return assistants.find(ApiKeys.tenant(request), idOf(request)).flatMap(AssistantsHandler::answer);
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return assistants
                .list(ApiKeys.tenant(request), ListQuery.of(request, OpenAiIds::assistant))
                .map(page -> ListJson.of(page, AssistantJson::of, AssistantJson::id))
                .flatMap(Answers::ok);
    }

    Mono<ServerResponse> modify(ServerRequest request) {
        var id = idOf(request);
        return reader.read(request, AssistantRequest::toChange)
                .flatMap(change -> once(request).change(ApiKeys.tenant(request), id, change))
                .flatMap(AssistantsHandler::answer);
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var id = idOf(request);
        return assistants
                .delete(ApiKeys.tenant(request), id)
                .then(Mono.defer(() -> Answers.ok(DeletedJson.assistant(OpenAiIds.assistant(id)))));
    }

    private Assistants once(ServerRequest request) {
        return RequestKeys.under(request, assistants, Assistants::repeatable);
    }

    private static Mono<ServerResponse> answer(Assistant assistant) {
        return Answers.ok(AssistantJson.of(assistant));
    }

    private static AssistantId idOf(ServerRequest request) {
        return OpenAiIds.assistant("assistant_id", request.pathVariable("assistant_id"));
    }
}
