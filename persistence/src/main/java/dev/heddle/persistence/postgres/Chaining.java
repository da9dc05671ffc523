package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Chain;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A run behind another one whose thread is locked: where it has its turn, and the branch it may have that in. */
record Chaining(Chain chain, NewRun run) {
    ThreadKey thread() {
        return chain.parent().thread();
    }

    /** The parent as it stands, when a run can go on from it. */
    Mono<RunKey> parent(Session session) {
        return Look.atRun(session, thread(), chain.parent().id()).flatMap(Chaining::ended);
    }

    private static Mono<RunKey> ended(StoredRun parent) {
        RunKey key = parent.key();
        return parent.status().isActive()
                ? Mono.error(new ProblemException(new Problem.RunNotFinal(key.id(), parent.status())))
                : Mono.just(key);
    }

    boolean staysIn(LockedThread locked, RunKey parent) {
        return chain.staysInThread() && locked.nextTurn() == parent.turn() + 1;
    }

    /** Creates the branch with its items and the run behind them. */
    Mono<StoredRun> branch(Session session, RunKey parent, Duration expiry) {
        var branch = new ThreadKey(thread().tenant(), chain.branch().id());
        Strategy strategy = run.strategy().with(chain.branch().strategy());
        long turn = parent.turn() + chain.branch().items().size() + 1;
        return ThreadInsert.execute(session, branch, chain.branch(), parent)
                .flatMap(_ -> RunInsert.execute(session, branch, turn, run, strategy, expiry));
    }

    /** The run, wherever it was admitted; empty when it was not. */
    Mono<StoredRun> admitted(Session session) {
        return Look.atAnyRun(session, thread().tenant(), run.id());
    }
}
