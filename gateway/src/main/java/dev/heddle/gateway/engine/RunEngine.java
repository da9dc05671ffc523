package dev.heddle.gateway.engine;

import dev.heddle.persistence.Items;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The work of a run: model call, tools, model call, until the model has said its last word or the client's tools are
 * wanted, which ends a run or pauses it. Knows no reader, no protocol and no SQL. Begun again, it goes on behind what the run's items tell.
 */
public final class RunEngine implements RunWork {
    private static final int MAX_MODEL_CALLS = 128;

    private final Items items;
    private final ModelCalls models;
    private final ToolCalling tools;

    public RunEngine(EngineParts parts) {
        this.items = parts.items();
        this.tools = new ToolCalling(parts.tools(), parts.ledger());
        this.models = new ModelCalls(parts);
    }

    @Override
    public Flux<RunEvent> events(StartedRun run) {
        return progress(run)
                .flatMapMany(progress -> Flux.defer(() -> next(progress)).repeat(() -> !progress.isOver()));
    }

    private Mono<RunProgress> progress(StartedRun run) {
        return items.context(run.key(), run.startedSeq())
                .flatMap(context -> done(run, context.items())
                        .map(done -> new RunProgress(run.key(), context.spec(), context.items(), done)));
    }

    /** Not only what is shown of it: a message that was deleted keeps its place. Nothing is asked of a run that begins. */
    private Mono<List<StoredItem>> done(StartedRun run, List<StoredItem> context) {
        return context.stream().anyMatch(item -> item.isOutputOf(run.key().id()))
                ? items.outputs(run.key())
                : Mono.just(List.of());
    }

    private Flux<RunEvent> next(RunProgress progress) {
        if (progress.spec().conduct().onlyPrepares()) {
            return Flux.just(progress.ended(Optional.empty()));
        }
        if (!progress.unanswered().isEmpty()) {
            return tools.events(progress);
        }
        return lastWord(progress).or(() -> spent(progress)).map(Flux::just).orElseGet(() -> models.events(progress));
    }

    private static Optional<RunEvent> lastWord(RunProgress progress) {
        return progress.lastWord().map(status -> progress.ended(status.incompleteReason()));
    }

    /** The end of a run that has used up what it may, before it makes one more call. */
    private static Optional<RunEvent> spent(RunProgress progress) {
        if (progress.modelCalls() >= MAX_MODEL_CALLS) {
            var failure =
                    RunFailure.serverError("The run came to no end within " + MAX_MODEL_CALLS + " calls of its model.");
            return Optional.of(progress.over(new RunEvent.Failed(failure, progress.usage())));
        }
        return exceeded(progress).map(reason -> progress.ended(Optional.of(reason)));
    }

    private static Optional<IncompleteReason> exceeded(RunProgress progress) {
        Integer maxCompletion = progress.spec().options().maxCompletionTokens();
        if (maxCompletion != null && progress.usage().completionTokens() >= maxCompletion) {
            return Optional.of(IncompleteReason.MAX_COMPLETION_TOKENS);
        }
        Integer maxPrompt = progress.spec().limits().maxPromptTokens();
        return maxPrompt != null && progress.usage().promptTokens() >= maxPrompt
                ? Optional.of(IncompleteReason.MAX_PROMPT_TOKENS)
                : Optional.empty();
    }
}
