package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on the steps of a run: each of its messages has one. */
final class StepsHandler {
    private final Runs runs;
    private final Items items;

    StepsHandler(Runs runs, Items items) {
        this.runs = runs;
        this.items = items;
    }

    Mono<ServerResponse> get(ServerRequest request) {
        var step = Paths.step(request);
        return runs.find(Paths.thread(request), Paths.run(request)).flatMap(run -> get(run, step));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var query = ListQuery.of(request, OpenAiIds::step);
        return runs.find(Paths.thread(request), Paths.run(request)).flatMap(run -> list(run, query));
    }

    private Mono<ServerResponse> get(StoredRun run, ItemId step) {
        return items.find(run.key().thread(), step)
                .filter(item -> isOutputOf(run.key().id(), item))
                .switchIfEmpty(Mono.error(() -> notFound(step)))
                .onErrorMap(StepsHandler::isItemNotFound, _ -> notFound(step))
                .map(item -> StepJson.of(item, run.failure()))
                .flatMap(Answers::ok);
    }

    private Mono<ServerResponse> list(StoredRun run, PageRequest<ItemId> query) {
        return items.outputs(run.key(), query)
                .map(page -> steps(run, page))
                .onErrorMap(StepsHandler::isItemNotFound, error -> notFound(cursorOf(error)))
                .flatMap(Answers::ok);
    }

    private static ListJson<StepJson> steps(StoredRun run, Page<StoredItem> page) {
        return ListJson.of(page, item -> StepJson.of(item, run.failure()), StepJson::id);
    }

    private static boolean isOutputOf(RunId run, StoredItem item) {
        return item.output().filter(output -> output.run().equals(run)).isPresent();
    }

    private static boolean isItemNotFound(Throwable error) {
        return error instanceof ProblemException known && known.problem() instanceof Problem.ItemNotFound;
    }

    private static ItemId cursorOf(Throwable error) {
        return ((Problem.ItemNotFound) ((ProblemException) error).problem()).item();
    }

    /** To the store a step is the item it made; to the client it is a step. */
    private static ProblemException notFound(ItemId step) {
        return new ProblemException(new Problem.UnknownId("run step", OpenAiIds.step(step)));
    }
}
