package dev.heddle.bench.micro;

import dev.heddle.streaming.lane.ActiveRun;
import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a lane finds that opens a thread on which these runs were just admitted. */
record OneThread(List<InboxEntry> entries) implements Inbox, Ownership {
    static OneThread with(List<RunKey> runs, Strategy strategy) {
        return new OneThread(runs.stream()
                .<InboxEntry>map(run -> new InboxEntry.RunAdmitted(run.turn(), run.id(), run.turn(), strategy))
                .toList());
    }

    @Override
    public Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit) {
        return Mono.just(entries.stream()
                .filter(entry -> entry.id() > after)
                .limit(limit)
                .toList());
    }

    @Override
    public Mono<Void> discard(ThreadKey thread, long epoch, long entry) {
        return Mono.empty();
    }

    @Override
    public Mono<OwnedThread> own(ThreadKey thread, boolean anew) {
        return Mono.just(new OwnedThread(NodeId.fresh(), 1, true, 0));
    }

    @Override
    public Mono<List<ActiveRun>> activeRuns(ThreadKey thread) {
        return Mono.just(List.of());
    }

    @Override
    public Flux<ThreadKey> unattended() {
        return Flux.empty();
    }
}
