package dev.heddle.gateway.engine;

import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.RunEvent;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the calls that are this server's to make, and leaves the others to the client. */
final class ToolCalling {
    private static final int MAX_AT_ONCE = 16;
    private static final String UNCERTAIN =
            "[This call was interrupted. Whether it had an effect is not known, so it was not made again.]";

    private static final String BEYOND_LIMIT =
            "[This call was not made: the run has reached its limit of calls. Go on without it.]";

    private final ToolRunner tools;
    private final ToolCalls ledger;
    private final ToolOffer offer;

    ToolCalling(ToolRunner tools, ToolCalls ledger) {
        this.tools = tools;
        this.ledger = ledger;
        this.offer = new ToolOffer(tools);
    }

    /**
     * The outputs of this server's calls, in the order of the calls whatever finishes first; then, where calls are left
     * for the client, the pause of the run, or its end where it ends at calls.
     */
    Flux<RunEvent> events(RunProgress progress) {
        List<Item.FunctionCall> own = progress.unanswered().stream()
                .filter(call -> offer.isOurs(progress, call))
                .toList();
        return Flux.fromIterable(own)
                // All at once, since none waits for another one; told in order.
                .flatMapSequential(call -> answered(progress, call), MAX_AT_ONCE, 1)
                .concatMapIterable(answer -> progress.output(answer.call(), answer.output()))
                .concatWith(Flux.defer(() -> left(progress)));
    }

    private record Answer(Item.FunctionCall call, String output) {}

    private Mono<Answer> answered(RunProgress progress, Item.FunctionCall call) {
        return offer.isWithinLimit(progress, call) ? called(progress, call) : Mono.just(new Answer(call, BEYOND_LIMIT));
    }

    private Mono<Answer> called(RunProgress progress, Item.FunctionCall call) {
        return ledger.begin(progress.run(), call.call(), call.name())
                .flatMap(known -> output(progress, call, known))
                .map(output -> new Answer(call, output));
    }

    private Mono<String> output(RunProgress progress, Item.FunctionCall call, ToolCalls.Known known) {
        return switch (known) {
            case ToolCalls.Known.New _ -> made(progress, call);
            case ToolCalls.Known.Begun _ -> isIdempotent(call) ? made(progress, call) : Mono.just(UNCERTAIN);
            case ToolCalls.Known.Ended ended -> Mono.just(ended.output());
        };
    }

    private boolean isIdempotent(Item.FunctionCall call) {
        return tools.find(call.name()).filter(ToolRunner.ServerTool::idempotent).isPresent();
    }

    private Mono<String> made(RunProgress progress, Item.FunctionCall call) {
        return tools.output(new ToolRunner.Call(call.call(), call.name(), call.arguments()))
                .delayUntil(output -> ledger.end(progress.run(), call.call(), output));
    }

    private static Flux<RunEvent> left(RunProgress progress) {
        if (progress.unanswered().isEmpty()) {
            return Flux.empty();
        }
        return Flux.just(
                progress.spec().conduct().endsAtCalls()
                        ? progress.ended(Optional.empty())
                        : progress.over(new RunEvent.ActionRequired(progress.unanswered())));
    }
}
