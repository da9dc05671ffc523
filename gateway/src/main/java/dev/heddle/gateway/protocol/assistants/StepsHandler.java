package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.ListJson;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on the steps of a run, which are its items in another form. */
final class StepsHandler {
    private final Runs runs;
    private final Items items;

    StepsHandler(Runs runs, Items items) {
        this.runs = runs;
        this.items = items;
    }

    Mono<ServerResponse> get(ServerRequest request) {
        var id = Paths.step(request);
        return steps(request).map(found -> found.get(id)).flatMap(Answers::ok);
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var query = ListQuery.of(request, OpenAiIds::step);
        return steps(request).map(found -> found.page(query)).flatMap(Answers::ok);
    }

    private Mono<Found> steps(ServerRequest request) {
        return runs.find(Paths.thread(request), Paths.run(request)).flatMap(this::steps);
    }

    private Mono<Found> steps(StoredRun run) {
        return items.outputs(run.key()).map(outputs -> new Found(run, Steps.of(outputs)));
    }

    /** The steps of a run as it stood when they were asked for. */
    private record Found(StoredRun run, List<Step> steps) {
        StepJson get(ItemId id) {
            return steps.stream()
                    .filter(step -> step.id().equals(id))
                    .findFirst()
                    .map(step -> StepJson.of(step, run))
                    .orElseThrow(() -> notFound(id));
        }

        ListJson<StepJson> page(PageRequest<ItemId> query) {
            var page = Pages.of(steps, query, Step::id, Found::notFound);
            return ListJson.of(page, step -> StepJson.of(step, run), StepJson::id);
        }

        private static ProblemException notFound(ItemId step) {
            return new ProblemException(new Problem.UnknownId("run step", OpenAiIds.step(step)));
        }
    }
}
