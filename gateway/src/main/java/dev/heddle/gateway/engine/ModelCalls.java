package dev.heddle.gateway.engine;

import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.RunEvent;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes one model call after the other for a run, each within what is left of the run's budgets. */
final class ModelCalls {
    private final EngineParts parts;
    private final ToolOffer offer;

    ModelCalls(EngineParts parts) {
        this.parts = parts;
        this.offer = new ToolOffer(parts.tools());
    }

    /** The next model call of the run and its end, if it was the last one. */
    Flux<RunEvent> events(RunProgress progress) {
        return context(progress)
                .flatMapMany(context -> context.map(shown -> answer(progress, call(progress, shown)))
                        .orElseGet(() -> Flux.just(tooLong(progress))));
    }

    private static RunEvent tooLong(RunProgress progress) {
        return progress.ended(Optional.of(IncompleteReason.MAX_PROMPT_TOKENS));
    }

    private Flux<RunEvent> answer(RunProgress progress, ModelCall call) {
        return Flux.defer(() -> {
            var turn = new ModelTurn(
                    progress.modelCalls(),
                    progress.nextOutputIndex(),
                    call.toolUse().parallel(),
                    progress.spec().conduct());
            return parts.models()
                    .events(call)
                    .doOnNext(event -> ToolOffer.check(call.toolUse(), event))
                    .<RunEvent>concatMapIterable(turn::events)
                    .startWith(new RunEvent.ModelCallStarted(progress.modelCalls()))
                    .concatWith(Flux.defer(() -> end(progress, turn)));
        });
    }

    private static Flux<RunEvent> end(RunProgress progress, ModelTurn turn) {
        progress.answered(turn);
        return turn.calls().isEmpty() ? Flux.just(progress.ended(turn.cut())) : Flux.empty();
    }

    private ModelCall call(RunProgress progress, List<Exchange> shown) {
        RunSpec spec = progress.spec();
        return new ModelCall(
                spec.model(),
                spec.instructions(),
                shown.stream().flatMap(exchange -> exchange.messages().stream()).toList(),
                options(progress),
                offer.next(progress),
                spec.conduct().tellsReasoning());
    }

    private static ModelOptions options(RunProgress progress) {
        ModelOptions options = progress.spec().options();
        Integer max = options.maxCompletionTokens();
        return max == null
                ? options
                : options.withMaxCompletionTokens((int) (max - progress.usage().completionTokens()));
    }

    /** What the model is shown; an empty one when the run has no room for it. */
    private Mono<Optional<List<Exchange>>> context(RunProgress progress) {
        RunSpec spec = progress.spec();
        var window = ContextWindow.of(parts.counter(), spec.model(), spec.instructions(), offer.next(progress));
        List<Exchange> earlier = wanted(progress);
        List<Exchange> own = progress.own();
        long room = room(progress);
        return progress.spec().limits().whole() || window.surelyHolds(earlier, own, room)
                ? Mono.just(Optional.of(ContextWindow.concat(earlier, own)))
                : Mono.fromCallable(() -> fit(window, progress, earlier, own, room))
                        .subscribeOn(parts.counting());
    }

    private static List<Exchange> wanted(RunProgress progress) {
        Integer last = progress.spec().limits().lastMessages();
        List<Exchange> earlier = progress.earlier();
        return last == null ? earlier : ContextWindow.newest(earlier, last);
    }

    private long room(RunProgress progress) {
        Integer budget = progress.spec().limits().maxPromptTokens();
        return budget == null
                ? parts.contextTokens()
                : Math.min(parts.contextTokens(), budget - progress.usage().promptTokens());
    }

    private static Optional<List<Exchange>> fit(
            ContextWindow window, RunProgress progress, List<Exchange> earlier, List<Exchange> own, long room) {
        // Without a budget it is for the model's server to say that it is too much.
        return progress.spec().limits().maxPromptTokens() == null
                ? Optional.of(window.fitAtLeastNewest(earlier, own, room))
                : window.fit(earlier, own, room);
    }
}
