package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A log that works on threads of its own, as a database does. */
record ThreadedLog(EventLog log) implements EventLog {
    @Override
    public Mono<AppendOutcome> append(Append append) {
        boolean refused = append.events().toString().contains(Plan.UNSTORABLE);
        Mono<AppendOutcome> refusal = Mono.just(new AppendOutcome.Refused("It says " + Plan.UNSTORABLE));
        return elsewhere(refused ? refusal : log.append(append));
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return elsewhere(log.readThread(thread, after, limit));
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return elsewhere(log.readTurn(thread, turn, after, limit));
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return elsewhere(log.turnAfter(thread, turn));
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return elsewhere(log.head(thread));
    }

    private static <T> Mono<T> elsewhere(Mono<T> answer) {
        return answer.subscribeOn(Schedulers.boundedElastic());
    }
}
