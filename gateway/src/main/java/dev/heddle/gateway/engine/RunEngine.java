package dev.heddle.gateway.engine;

import dev.heddle.persistence.Items;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunEvent;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The work of a run: its context, then a model call. Knows no reader, no protocol and no SQL. */
public final class RunEngine implements RunWork {
    private final Runs runs;
    private final Conversation conversation;
    private final ModelClient models;

    public RunEngine(Runs runs, Items items, ModelClient models) {
        this.runs = runs;
        this.conversation = new Conversation(items);
        this.models = models;
    }

    @Override
    public Flux<RunEvent> events(StartedRun run) {
        return call(run).flatMapMany(this::modelCall);
    }

    private Mono<ModelCall> call(StartedRun run) {
        return runs.find(run.key().thread(), run.key().id())
                .map(StoredRun::spec)
                .zipWith(conversation.context(run), RunEngine::call);
    }

    private static ModelCall call(RunSpec spec, List<Item> context) {
        return new ModelCall(spec.model(), spec.instructions(), context, spec.options());
    }

    private Flux<RunEvent> modelCall(ModelCall call) {
        return Flux.defer(() -> {
            var turn = new ModelTurn(0, 0);
            return models.events(call)
                    .<RunEvent>concatMapIterable(turn::events)
                    .startWith(new RunEvent.ModelCallStarted(0));
        });
    }
}
