package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.RequestKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.MetadataRequest;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.Threads;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on the messages of a thread. */
final class MessagesHandler {
    private final Threads threads;
    private final Items items;
    private final RunService runs;
    private final RequestReader reader;
    private final AssistantsSettings settings;

    MessagesHandler(Threads threads, Items items, RunService runs, RequestReader reader, AssistantsSettings settings) {
        this.threads = threads;
        this.items = items;
        this.runs = runs;
        this.reader = reader;
        this.settings = settings;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        var thread = Paths.thread(request);
        return reader.read(request, NewMessageRequest::read)
                .doOnNext(_ -> Answers.mayStore(request))
                .flatMap(wish -> add(request, thread, wish))
                .flatMap(MessagesHandler::answer);
    }

    Mono<ServerResponse> get(ServerRequest request) {
        return find(Paths.thread(request), Paths.message(request)).flatMap(MessagesHandler::answer);
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var thread = Paths.thread(request);
        var query = ListQuery.of(request, OpenAiIds::message);
        return threads.find(thread)
                .flatMap(_ -> items.messages(thread, producedBy(request), query))
                .map(page -> ListJson.of(page, MessageJson::of, MessageJson::id))
                .flatMap(Answers::ok);
    }

    Mono<ServerResponse> modify(ServerRequest request) {
        var thread = Paths.thread(request);
        var message = Paths.message(request);
        return reader.read(request, MetadataRequest::read)
                .flatMap(metadata ->
                        modify(RequestKeys.under(request, items, Items::repeatable), thread, message, metadata))
                .flatMap(MessagesHandler::answer);
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var thread = Paths.thread(request);
        var message = Paths.message(request);
        return runs.deleteMessage(thread, message)
                .then(Mono.defer(() -> Answers.ok(DeletedJson.message(OpenAiIds.message(message)))));
    }

    private Mono<StoredItem> add(ServerRequest request, ThreadKey thread, NewMessageRequest wish) {
        var once = RequestKeys.under(request, runs, RunService::repeatable);
        var onActiveRun = onActiveRun(request, wish);
        return switch (onActiveRun.how()) {
            case ALLOW -> once.addMessage(thread, wish.message(), WhileActive.ALLOW);
            case REJECT -> once.addMessage(thread, wish.message(), WhileActive.REJECT);
            case WAIT -> once.addMessageWhenIdle(thread, wish.message(), onActiveRun.timeout());
        };
    }

    private OnActiveRunRequest onActiveRun(ServerRequest request, NewMessageRequest wish) {
        var ofHeader = OnActiveRunRequest.ofHeader(request);
        return wish.onActiveRun()
                .or(() -> ofHeader)
                .orElseGet(() -> OnActiveRunRequest.of(settings.onActiveRun(ApiKeys.defaults(request))));
    }

    private Mono<StoredItem> modify(
            Items once, ThreadKey thread, ItemId message, Optional<Map<String, Object>> metadata) {
        var found = find(thread, message);
        return metadata.map(given -> found.flatMap(_ -> once.replaceMetadata(thread, message, given)))
                .orElse(found);
    }

    /** Other items of the thread are no messages, whatever their id is called. */
    private Mono<StoredItem> find(ThreadKey thread, ItemId message) {
        return items.find(thread, message)
                .filter(item -> item.item() instanceof Item.Message)
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.ItemNotFound(message))));
    }

    private static Optional<RunId> producedBy(ServerRequest request) {
        return ListQuery.given(request, "run_id").map(text -> OpenAiIds.run("run_id", text));
    }

    private static Mono<ServerResponse> answer(StoredItem message) {
        return Answers.ok(MessageJson.of(message));
    }
}
