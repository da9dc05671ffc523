package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.Compactor;
import dev.heddle.gateway.engine.InputTokens;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on contexts that store nothing: to sum one up, and to count its tokens. */
final class ContextHandler {
    private final Items items;
    private final Threads threads;
    private final Inputs inputs;
    private final Parents parents;
    private final ModelClient models;
    private final Compactor compactor;
    private final InputTokens tokens;
    private final RequestReader reader;
    private final Clock clock;

    ContextHandler(
            Items items,
            Threads threads,
            Runs runs,
            ModelClient models,
            Compactor compactor,
            InputTokens tokens,
            RequestReader reader,
            Clock clock) {
        this.items = items;
        this.threads = threads;
        this.inputs = new Inputs(items);
        this.parents = Parents.stored(runs);
        this.models = models;
        this.compactor = compactor;
        this.tokens = tokens;
        this.reader = reader;
        this.clock = clock;
    }

    private record Context(List<StoredItem> history, List<Item> input) {}

    Mono<ServerResponse> compact(ServerRequest request) {
        return reader.read(request, ContextRequest::toCompact)
                .doOnNext(this::checkModel)
                .flatMap(wish -> context(request, wish)
                        .flatMap(context -> compactor.compact(
                                wish.model(), wish.instructions(), context.history(), context.input())))
                .map(compacted -> CompactionJson.of(compacted, clock.instant()))
                .flatMap(Answers::ok);
    }

    private void checkModel(ContextRequest wish) {
        if (!models.mayServe(wish.model())) {
            throw new ProblemException(new Problem.ModelNotFound(wish.model()));
        }
    }

    Mono<ServerResponse> countTokens(ServerRequest request) {
        return reader.read(request, ContextRequest::toCount)
                .flatMap(wish -> context(request, wish)
                        .flatMap(context -> tokens.count(
                                wish.model(), wish.instructions(), wish.toolUse(), context.history(), context.input())))
                .flatMap(count -> Answers.ok(new TokensJson("response.input_tokens", count)));
    }

    private record TokensJson(String object, long input_tokens) {}

    private Mono<Context> context(ServerRequest request, ContextRequest wish) {
        var tenant = ApiKeys.tenant(request);
        return inputs.resolve(tenant, wish.input())
                .zipWith(Mono.defer(() -> history(tenant, wish)), (input, history) -> new Context(history, input));
    }

    private Mono<List<StoredItem>> history(TenantId tenant, ContextRequest wish) {
        if (wish.conversation().isPresent()) {
            var thread = new ThreadKey(tenant, wish.conversation().get());
            return threads.find(thread).then(Mono.defer(() -> items.history(thread, Long.MAX_VALUE)));
        }
        return wish.parent()
                .map(parent -> parents.findEnded(tenant, parent).flatMap(run -> items.history(run.key())))
                .orElse(Mono.just(List.of()));
    }
}
