package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
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
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/**
 * Admission in transactions: lock the thread's row, look, decide, write, commit. When the connection is lost and with it
 * the answer, it is done once more, unless the id made beforehand tells that it was done.
 */
final class PostgresAdmission implements Admission {
    private final Database database;
    private final AdmissionSettings settings;
    private final NodeId node;

    /** {@code node} is whose the threads are that are created together with a run. */
    PostgresAdmission(Database database, AdmissionSettings settings, NodeId node) {
        this.database = database;
        this.settings = settings;
        this.node = node;
    }

    @Override
    public Admission repeatable(RequestKey key) {
        return new RepeatableAdmission(database, settings, node, key);
    }

    @Override
    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        var key = new ThreadKey(tenant, thread.id());
        Mono<StoredThread> create = database.inTransaction(
                session -> ThreadInsert.execute(session, key, thread).switchIfEmpty(Look.atThread(session, key)));
        return LostConnection.survive(create, create);
    }

    @Override
    public Mono<FirstRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run) {
        var insert = new FirstRunInsert(new ThreadKey(tenant, thread.id()), thread, run, node);
        Mono<FirstRun> create = database.inSession(session -> insert.execute(session, settings.runExpiry())
                .switchIfEmpty(Look.atAnyRun(session, insert.key(), run.id()).map(FirstRun::found)));
        return LostConnection.survive(create, create);
    }

    @Override
    public Mono<StoredRun> admit(ThreadKey thread, NewRun run) {
        return LostConnection.survive(
                locked(thread, (session, locked) -> admit(session, locked, run)),
                locked(
                        thread,
                        (session, locked) ->
                                Look.atAnyRun(session, thread, run.id()).switchIfEmpty(admit(session, locked, run))));
    }

    private <T> Mono<T> locked(ThreadKey thread, BiFunction<Session, LockedThread, Mono<T>> work) {
        return LockedThread.during(database, thread, work);
    }

    private Mono<StoredRun> admit(Session session, LockedThread thread, NewRun run) {
        Strategy strategy = run.strategy().with(thread.strategy());
        return ActiveRuns.of(session, thread.key())
                .flatMap(active -> refuse(active.refusal(strategy, settings.maxActiveRuns()))
                        .then(giveWay(session, thread.key(), strategy, active)))
                .then(RunInsert.execute(session, thread.key(), thread.nextTurn(), run, strategy, settings.runExpiry()));
    }

    private static Mono<Void> refuse(Optional<Problem> problem) {
        return Mono.justOrEmpty(problem).flatMap(refusal -> Mono.error(new ProblemException(refusal)));
    }

    /** What the strategy does to the earlier runs, in the order in which their owner is to hear of it. */
    private static Mono<Void> giveWay(Session session, ThreadKey thread, Strategy strategy, ActiveRuns active) {
        Mono<Void> stops = Stops.ask(session, thread, active.unstopped(), StopCause.LATER_RUN);
        return switch (strategy) {
            case CONCURRENT, REJECT, ENQUEUE -> Mono.empty();
            case INTERRUPT -> stops;
            case ROLLBACK -> stops.then(Withdrawal.of(session, thread, active.visible()));
        };
    }

    @Override
    public Mono<StoredRun> chain(Chain chain, NewRun run) {
        var chaining = new Chaining(chain, run);
        return LostConnection.survive(
                        locked(chaining.thread(), (session, locked) -> chain(session, locked, chaining)),
                        locked(
                                chaining.thread(),
                                (session, locked) ->
                                        chaining.admitted(session).switchIfEmpty(chain(session, locked, chaining))))
                .onErrorMap(
                        ProblemException.class, problem -> ofRun(chain.parent().id(), problem));
    }

    private Mono<StoredRun> chain(Session session, LockedThread locked, Chaining chaining) {
        return chaining.parent(session)
                .flatMap(parent -> chaining.staysIn(locked, parent)
                        ? admit(session, locked, chaining.run())
                        : chaining.branch(session, parent, settings.runExpiry()));
    }

    /** Who names a run and not its thread is told of the run. */
    private static ProblemException ofRun(RunId run, ProblemException refusal) {
        return refusal.problem() instanceof Problem.ThreadNotFound
                ? new ProblemException(new Problem.RunNotFound(run))
                : refusal;
    }

    @Override
    public Mono<Void> forget(ThreadKey thread, RunId run) {
        var forgetting = new Forgetting(thread, run);
        return LostConnection.survive(
                        locked(thread, (session, _) -> forgetting.execute(session)),
                        locked(
                                thread,
                                (session, _) -> forgetting
                                        .wasDone(session)
                                        .flatMap(done -> done ? Mono.empty() : forgetting.execute(session))))
                .onErrorMap(ProblemException.class, problem -> ofRun(run, problem));
    }

    @Override
    public Mono<List<StoredItem>> addItems(ThreadKey thread, List<NewItem> items, WhileActive whileActive) {
        return Mono.defer(() -> addItems(thread, ItemInsert.fresh(items.size()), items, whileActive));
    }

    private Mono<List<StoredItem>> addItems(
            ThreadKey thread, List<ItemId> ids, List<NewItem> items, WhileActive whileActive) {
        return LostConnection.survive(
                locked(thread, (session, locked) -> add(session, locked, ids, items, whileActive)),
                locked(
                        thread,
                        (session, locked) -> Look.atAnyItems(session, thread, ids)
                                .switchIfEmpty(add(session, locked, ids, items, whileActive))));
    }

    private static Mono<List<StoredItem>> add(
            Session session, LockedThread thread, List<ItemId> ids, List<NewItem> items, WhileActive whileActive) {
        return refuse(session, thread, whileActive)
                .then(ItemInsert.add(session, thread.key(), thread.nextTurn(), ids, items));
    }

    private static Mono<Void> refuse(Session session, LockedThread thread, WhileActive whileActive) {
        return switch (whileActive) {
            case ALLOW -> Mono.empty();
            case REJECT ->
                ActiveRuns.of(session, thread.key())
                        .map(active -> active.firstVisible()
                                .<Problem>map(run -> new Problem.MessageWhileActive(
                                        thread.key().id(), run)))
                        .flatMap(PostgresAdmission::refuse);
        };
    }

    @Override
    public Mono<StoredRun> submitOutputs(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs) {
        return Mono.defer(() -> submit(new OutputSubmission(thread, run, outputs, ItemId.fresh())));
    }

    private Mono<StoredRun> submit(OutputSubmission submission) {
        return LostConnection.survive(
                locked(submission.thread(), (session, _) -> submission.store(session)),
                locked(
                        submission.thread(),
                        (session, _) -> submission.stored(session).switchIfEmpty(submission.store(session))));
    }

    @Override
    public Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause) {
        return LostConnection.survive(
                locked(
                        thread,
                        (session, _) -> Look.atRun(session, thread, run).flatMap(found -> stop(session, found, cause))),
                locked(
                        thread,
                        (session, _) -> Look.atRun(session, thread, run)
                                .flatMap(found -> isStopped(found) ? Mono.just(found) : stop(session, found, cause))));
    }

    private static Mono<StoredRun> stop(Session session, StoredRun run, StopCause cause) {
        RunKey key = run.key();
        return switch (run.status()) {
            case QUEUED, IN_PROGRESS, REQUIRES_ACTION ->
                Stops.ask(session, key.thread(), List.of(key), cause).then(Look.atRun(session, key.thread(), key.id()));
            case CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED ->
                Mono.error(new ProblemException(new Problem.NotStoppable(key.id(), run.status())));
        };
    }

    /** After a lost answer: somebody stopped it, and be it this very request. */
    private static boolean isStopped(StoredRun run) {
        return run.status() == RunStatus.CANCELLING || run.status() == RunStatus.CANCELLED;
    }

    @Override
    public Mono<Void> withdraw(ThreadKey thread, RunId run) {
        return LostConnection.survive(
                locked(thread, (session, _) -> withdraw(session, thread, run)),
                locked(
                        thread,
                        (session, _) -> Withdrawal.wasOf(session, thread, run)
                                .flatMap(done -> done ? Mono.empty() : withdraw(session, thread, run))));
    }

    private static Mono<Void> withdraw(Session session, ThreadKey thread, RunId run) {
        return Look.atRun(session, thread, run)
                .filterWhen(PostgresAdmission::isInQueue)
                .map(found -> List.of(found.key()))
                .flatMap(runs ->
                        Stops.ask(session, thread, runs, StopCause.CLIENT).then(Withdrawal.of(session, thread, runs)));
    }

    private static Mono<Boolean> isInQueue(StoredRun run) {
        return run.status() == RunStatus.QUEUED && run.startedAt().isEmpty()
                ? Mono.just(true)
                : Mono.error(
                        new ProblemException(new Problem.NotQueued(run.key().id(), run.status())));
    }

    @Override
    public Mono<Void> deleteMessage(ThreadKey thread, ItemId message) {
        return delete(new ItemDeletion(thread, message, true));
    }

    @Override
    public Mono<Void> deleteItem(ThreadKey thread, ItemId item) {
        return delete(new ItemDeletion(thread, item, false));
    }

    private Mono<Void> delete(ItemDeletion deletion) {
        return LostConnection.survive(
                locked(deletion.thread(), (session, _) -> deletion.execute(session)),
                locked(
                        deletion.thread(),
                        (session, _) -> deletion.wasDone(session)
                                .flatMap(done -> done ? Mono.empty() : deletion.execute(session))));
    }

    @Override
    public Mono<StoredThread> fork(ThreadKey from, NewThread into) {
        var key = new ThreadKey(from.tenant(), into.id());
        var copy = new TurnCopy(from.id(), key, ItemId.fresh());
        Mono<StoredThread> fork = locked(
                from,
                (session, _) ->
                        ThreadInsert.execute(session, key, into, copy).switchIfEmpty(Look.atThread(session, key)));
        return LostConnection.survive(fork, fork);
    }

    @Override
    public Mono<StoredThread> importTurns(ThreadKey from, ThreadKey into) {
        return Mono.defer(() -> importTurns(new TurnCopy(from.id(), into, ItemId.fresh())));
    }

    private Mono<StoredThread> importTurns(TurnCopy copy) {
        return LostConnection.survive(
                database.inTransaction(session -> importTurns(session, copy)),
                database.inTransaction(session -> copy.lockBoth(session)
                        .then(copy.wasMade(session))
                        .flatMap(done -> done ? Look.atThread(session, copy.into()) : importTurns(session, copy))));
    }

    private static Mono<StoredThread> importTurns(Session session, TurnCopy copy) {
        return copy.lockBoth(session)
                .flatMap(into -> copy.execute(session, into.nextTurn()))
                .then(Look.atThread(session, copy.into()));
    }

    private static final String HIDE = """
            with stops as (
                insert into thread_inbox (tenant_id, thread_id, kind, run_id, cause)
                select r.tenant_id, r.thread_id, 'stop', r.id, 'client'
                  from runs r
                 where r.tenant_id = $1 and r.thread_id = $2 and r.ended_seq is null
                on conflict do nothing
            )
            update threads
               set deleted_at = now()
             where tenant_id = $1 and id = $2
            """;

    @Override
    public Mono<Void> deleteThread(ThreadKey thread) {
        return database.inTransaction(session -> LockedThread.lock(session, thread)
                .flatMap(_ -> session.change(
                        HIDE, thread.tenant().value(), thread.id().value()))
                .then());
    }
}
