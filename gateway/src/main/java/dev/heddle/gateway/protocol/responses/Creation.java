package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StrategyChoice;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Admits responses: into a conversation, behind an earlier response, or into a thread of their own. */
final class Creation {
    /** Of responses outside of conversations: nothing else is active where they go on. */
    private static final StrategyChoice BESIDE_NOTHING = StrategyChoice.of(Strategy.CONCURRENT);

    private final Threads threads;
    private final Items items;
    private final Inputs inputs;
    private final ModelClient models;
    private final ResponsesSettings settings;

    Creation(Threads threads, Items items, ModelClient models, ResponsesSettings settings) {
        this.threads = threads;
        this.items = items;
        this.inputs = new Inputs(items);
        this.models = models;
        this.settings = settings;
    }

    /** The run of the response, admitted. What is refused stores nothing. */
    Mono<StoredRun> start(Requester requester, CreateRequest wish) {
        String model = wish.spec().model();
        return models.mayServe(model)
                ? inputs.resolve(requester.tenant(), wish.input()).flatMap(input -> start(requester, wish, input))
                : Mono.error(new ProblemException(new Problem.ModelNotFound(model)));
    }

    private Mono<StoredRun> start(Requester requester, CreateRequest wish, List<Item> input) {
        if (wish.conversation().isPresent()) {
            return inConversation(requester, wish, wish.conversation().get(), input);
        }
        if (wish.parent().isPresent()) {
            return requester
                    .parents()
                    .findEnded(requester.tenant(), wish.parent().get())
                    .flatMap(parent -> behind(parent, requester, wish, input));
        }
        Calls.check(CallPairs.NONE, input);
        return requester
                .service()
                .startWithThread(requester.tenant(), newThread(wish), run(wish, input, BESIDE_NOTHING));
    }

    private Mono<StoredRun> inConversation(
            Requester requester, CreateRequest wish, ThreadId conversation, List<Item> input) {
        var thread = new ThreadKey(requester.tenant(), conversation);
        var strategy = new StrategyChoice(wish.strategy(), settings.strategy(requester.key()));
        return items.calls(thread, Long.MAX_VALUE)
                .doOnNext(calls -> Calls.check(calls, input))
                // What is not there at all is told first.
                .onErrorResume(error -> threads.find(thread).then(Mono.error(error)))
                .flatMap(_ -> requester.service().start(thread, run(wish, input, strategy)));
    }

    private Mono<StoredRun> behind(StoredRun parent, Requester requester, CreateRequest wish, List<Item> input) {
        var key = parent.key();
        var chain = new Chain(key, mayStay(Echo.of(parent.spec()), wish.echo()), newThread(wish));
        return items.calls(key)
                .doOnNext(calls -> Calls.check(calls, input))
                .flatMap(_ -> requester.service().chain(chain, run(wish, input, BESIDE_NOTHING)));
    }

    /** A conversation only grows by what is asked for in it; and what is stored does not share a thread with what is not. */
    private static boolean mayStay(Echo parent, Echo wish) {
        return !parent.conversation() && parent.store() == wish.store();
    }

    private static NewThread newThread(CreateRequest wish) {
        return new NewThread(
                ThreadId.fresh(),
                List.of(),
                Optional.empty(),
                Map.of(),
                !wish.echo().store());
    }

    private static NewRun run(CreateRequest wish, List<Item> input, StrategyChoice strategy) {
        return new NewRun(RunId.fresh(), wish.spec(), Inputs.stored(input), strategy, wish.metadata(), wish.keeping());
    }
}
