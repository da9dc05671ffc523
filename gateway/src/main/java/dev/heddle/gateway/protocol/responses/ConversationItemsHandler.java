package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on the items of conversations. */
final class ConversationItemsHandler {
    private final Threads threads;
    private final Items items;
    private final Inputs inputs;
    private final RunService service;
    private final RequestReader reader;
    private final ResponsesSettings settings;

    ConversationItemsHandler(
            Threads threads, Items items, RunService service, RequestReader reader, ResponsesSettings settings) {
        this.threads = threads;
        this.items = items;
        this.inputs = new Inputs(items);
        this.service = service;
        this.reader = reader;
        this.settings = settings;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        Unserved.checkInclude(ResponsesHandler.includes(request), "include");
        return reader.read(request, ConversationRequest::readItems)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(wish -> add(request, Paths.conversation(request), wish))
                .flatMap(added -> list(new Page<>(added, false)));
    }

    /** What stands in the way of a repetition may be what it has added itself. */
    private Mono<List<StoredItem>> add(ServerRequest request, ThreadKey thread, List<InputItem> wish) {
        return inputs.resolve(thread.tenant(), wish)
                .flatMap(resolved -> addResolved(request, thread, resolved))
                .onErrorResume(
                        ProblemException.class,
                        refusal -> addedBefore(request, thread).switchIfEmpty(Mono.error(refusal)));
    }

    private Mono<List<StoredItem>> addedBefore(ServerRequest request, ThreadKey thread) {
        return Mono.justOrEmpty(RequestKeys.of(request)).flatMap(key -> items.madeBy(thread, key));
    }

    private Mono<List<StoredItem>> addResolved(ServerRequest request, ThreadKey thread, List<Item> wish) {
        var whileActive = settings.whileActive(ApiKeys.defaults(request));
        return threads.find(thread)
                .then(Mono.defer(() -> items.calls(thread, Long.MAX_VALUE)))
                .doOnNext(calls -> Calls.checkOutputs(calls, wish))
                .flatMap(_ -> RequestKeys.under(request, service, RunService::repeatable)
                        .addItems(thread, Inputs.stored(wish), whileActive));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        Unserved.checkInclude(ResponsesHandler.includes(request), "include");
        return items.all(Paths.conversation(request), ListQuery.of(request, OpenAiIds::item))
                .flatMap(ConversationItemsHandler::list);
    }

    Mono<ServerResponse> get(ServerRequest request) {
        Unserved.checkInclude(ResponsesHandler.includes(request), "include");
        return items.find(Paths.conversation(request), Paths.item(request))
                .map(ItemJson::of)
                .flatMap(Answers::ok);
    }

    /** Answers with the conversation, as OpenAI does. */
    Mono<ServerResponse> delete(ServerRequest request) {
        var thread = Paths.conversation(request);
        return service.deleteItem(thread, Paths.item(request))
                .then(Mono.defer(() -> threads.find(thread)))
                .map(ConversationJson::of)
                .flatMap(Answers::ok);
    }

    private static Mono<ServerResponse> list(Page<StoredItem> page) {
        return Answers.ok(ListJson.of(page, ItemJson::of, ItemJson::id));
    }
}
