package dev.heddle.gateway.engine;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What requests ask of threads: stores the wish, then wakes the thread's owner. The answer tells what was stored; what
 * comes of it is read from the log. Refusals are problems of {@link Admission}.
 */
public final class RunService {
    private final Admission admission;
    private final Lanes lanes;
    private final MessageWait wait;

    public RunService(Admission admission, Lanes lanes, MessageWait wait) {
        this.admission = admission;
        this.lanes = lanes;
        this.wait = wait;
    }

    /** The same for one request that may be repeated, as {@link Admission#repeatable}. */
    public RunService repeatable(RequestKey key) {
        return new RunService(admission.repeatable(key), lanes, wait);
    }

    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        return admission.createThread(tenant, thread).doOnNext(stored -> lanes.wake(stored.key()));
    }

    public Mono<StoredRun> startWithThread(TenantId tenant, NewThread thread, NewRun run) {
        return admission
                .createThreadAndRun(tenant, thread, run)
                .doOnNext(this::begin)
                .map(FirstRun::run);
    }

    public Mono<StoredRun> start(ThreadKey thread, NewRun run) {
        return admission.admit(thread, run).doOnNext(this::wake);
    }

    public Mono<StoredRun> chain(Chain chain, NewRun run) {
        return admission.chain(chain, run).doOnNext(this::wake);
    }

    public Mono<StoredItem> addMessage(ThreadKey thread, NewItem message, WhileActive whileActive) {
        return admission.addMessage(thread, message, whileActive).doOnNext(_ -> lanes.wake(thread));
    }

    public Mono<List<StoredItem>> addItems(ThreadKey thread, List<NewItem> items, WhileActive whileActive) {
        return admission.addItems(thread, items, whileActive).doOnNext(_ -> lanes.wake(thread));
    }

    /** Adds the message as soon as no run is active; a {@code StillBusy} problem when that is not so in time. */
    public Mono<StoredItem> addMessageWhenIdle(ThreadKey thread, NewItem message, Duration timeout) {
        return wait.add(thread, timeout, () -> addMessage(thread, message, WhileActive.REJECT));
    }

    public Mono<StoredRun> submitOutputs(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs) {
        return admission.submitOutputs(thread, run, outputs).doOnNext(this::wake);
    }

    public Mono<Void> withdraw(ThreadKey thread, RunId run) {
        return admission.withdraw(thread, run).doOnSuccess(_ -> lanes.wake(thread));
    }

    public Mono<Void> deleteMessage(ThreadKey thread, ItemId message) {
        return admission.deleteMessage(thread, message).doOnSuccess(_ -> lanes.wake(thread));
    }

    public Mono<Void> deleteItem(ThreadKey thread, ItemId item) {
        return admission.deleteItem(thread, item).doOnSuccess(_ -> lanes.wake(thread));
    }

    public Mono<Void> forget(ThreadKey thread, RunId run) {
        return admission.forget(thread, run).doOnSuccess(_ -> lanes.wake(thread));
    }

    public Mono<StoredThread> fork(ThreadKey from, NewThread into) {
        return admission.fork(from, into).doOnNext(stored -> lanes.wake(stored.key()));
    }

    public Mono<StoredThread> importTurns(ThreadKey from, ThreadKey into) {
        return admission.importTurns(from, into).doOnNext(_ -> lanes.wake(into));
    }

    public Mono<StoredRun> stop(ThreadKey thread, RunId run) {
        return admission.stop(thread, run, StopCause.CLIENT).doOnNext(this::wake);
    }

    public Mono<Void> deleteThread(ThreadKey thread) {
        return admission.deleteThread(thread).doOnSuccess(_ -> lanes.wake(thread));
    }

    private void begin(FirstRun first) {
        first.handover().ifPresentOrElse(lanes::open, () -> wake(first.run()));
    }

    private void wake(StoredRun run) {
        lanes.wake(run.key().thread());
    }
}
