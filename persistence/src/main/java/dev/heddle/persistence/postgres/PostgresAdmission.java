package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.NewMessage;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.Threads;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Admission in transactions: lock the thread's row, look, decide, write, commit. When the connection is lost in the
 * commit, the id made beforehand tells whether it happened.
 */
final class PostgresAdmission implements Admission {
    private final Database database;
    private final AdmissionSettings settings;
    private final Threads threads;
    private final Runs runs;
    private final Items items;

    PostgresAdmission(Database database, AdmissionSettings settings, Threads threads, Runs runs, Items items) {
        this.database = database;
        this.settings = settings;
        this.threads = threads;
        this.runs = runs;
        this.items = items;
    }

    @Override
    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        var key = new ThreadKey(tenant, thread.id());
        return database.inTransaction(session -> insertThread(session, key, thread))
                .onErrorResume(LostConnection::happened, lost -> LostConnection.outcome(lost, threads.find(key)));
    }

    @Override
    public Mono<StoredRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run) {
        var key = new ThreadKey(tenant, thread.id());
        long turn = thread.messages().size() + 1L;
        return database.inTransaction(session -> insertThread(session, key, thread)
                        .then(RunInsert.execute(session, key, turn, run, settings.runExpiry())))
                .onErrorResume(
                        LostConnection::happened, lost -> LostConnection.outcome(lost, runs.find(key, run.id())));
    }

    @Override
    public Mono<StoredRun> admit(ThreadKey thread, NewRun run) {
        return database.inTransaction(session -> LockedThread.lock(session, thread)
                        .flatMap(locked -> locked.activeRuns(session)
                                .flatMap(active -> refuse(thread, run, active))
                                .then(RunInsert.execute(
                                        session, thread, locked.nextTurn(), run, settings.runExpiry()))))
                .onErrorResume(
                        LostConnection::happened, lost -> LostConnection.outcome(lost, runs.find(thread, run.id())));
    }

    private Mono<Void> refuse(ThreadKey thread, NewRun run, List<RunId> active) {
        if (!run.strategy().admits(active.size())) {
            return Mono.error(new ProblemException(new Problem.ThreadBusy(thread.id(), active.getFirst())));
        }
        if (active.size() >= settings.maxActiveRuns()) {
            return Mono.error(new ProblemException(new Problem.QueueFull(thread.id(), settings.maxActiveRuns())));
        }
        return Mono.empty();
    }

    @Override
    public Mono<StoredItem> addMessage(ThreadKey thread, NewMessage message, WhileActive whileActive) {
        ItemId id = ItemId.fresh();
        return database.inTransaction(session -> LockedThread.lock(session, thread)
                        .flatMap(locked -> refuse(session, locked, whileActive)
                                .then(MessageInsert.add(session, thread, locked.nextTurn(), id, message))))
                .onErrorResume(LostConnection::happened, lost -> LostConnection.outcome(lost, items.find(thread, id)));
    }

    private static Mono<Void> refuse(Session session, LockedThread thread, WhileActive whileActive) {
        return switch (whileActive) {
            case ALLOW -> Mono.empty();
            case REJECT ->
                thread.activeRuns(session)
                        .filter(active -> !active.isEmpty())
                        .flatMap(active -> Mono.error(new ProblemException(
                                new Problem.MessageWhileActive(thread.key().id(), active.getFirst()))));
        };
    }

    private static final String INSERT_THREAD = """
            insert into threads as t (id, tenant_id, metadata, next_turn)
            values ($1, $2, $3::jsonb, $4)
            returning %s
            """.formatted(ThreadRows.COLUMNS);

    private static Mono<StoredThread> insertThread(Session session, ThreadKey key, NewThread thread) {
        return session.one(
                        INSERT_THREAD,
                        ThreadRows::thread,
                        key.id().value(),
                        key.tenant().value(),
                        JsonText.of(thread.metadata()),
                        thread.messages().size() + 1L)
                .delayUntil(_ -> MessageInsert.first(session, key, thread.messages()));
    }

    private static final String ASK_STOP = """
            insert into thread_inbox (tenant_id, thread_id, kind, run_id, cause)
            values ($1, $2, 'stop', $3, $4)
            """;

    @Override
    public Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause) {
        return database.inTransaction(session -> LockedThread.lock(session, thread)
                .then(find(session, thread, run))
                .switchIfEmpty(Mono.error(new ProblemException(new Problem.RunNotFound(run))))
                .flatMap(PostgresAdmission::stoppable)
                .delayUntil(_ -> session.change(
                        ASK_STOP, thread.tenant().value(), thread.id().value(), run.value(), Spelling.of(cause)))
                .then(find(session, thread, run)));
    }

    private static final String FIND = """
            select %s
              from runs r
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
            """.formatted(RunRows.COLUMNS);

    private static Mono<StoredRun> find(Session session, ThreadKey thread, RunId run) {
        return Mono.defer(() -> session.one(
                FIND, RunRows::run, thread.tenant().value(), thread.id().value(), run.value()));
    }

    private static Mono<StoredRun> stoppable(StoredRun run) {
        return switch (run.status()) {
            case QUEUED, IN_PROGRESS -> Mono.just(run);
            case CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED ->
                Mono.error(
                        new ProblemException(new Problem.NotStoppable(run.key().id(), run.status())));
        };
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
