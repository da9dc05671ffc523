package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.NewMessage;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/**
 * Admission in transactions: lock the thread's row, look, decide, write, commit. When the connection is lost and with it
 * the answer, it is done once more, unless the id made beforehand tells that it was done.
 */
final class PostgresAdmission implements Admission {
    private final Database database;
    private final AdmissionSettings settings;

    PostgresAdmission(Database database, AdmissionSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        var key = new ThreadKey(tenant, thread.id());
        Mono<StoredThread> create = database.inTransaction(
                session -> insertThread(session, key, thread).switchIfEmpty(find(session, key)));
        return LostConnection.survive(create, create);
    }

    @Override
    public Mono<StoredRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run) {
        var key = new ThreadKey(tenant, thread.id());
        long turn = thread.messages().size() + 1L;
        Mono<StoredRun> create = database.inTransaction(session -> insertThread(session, key, thread)
                .flatMap(_ -> RunInsert.execute(session, key, turn, run, settings.runExpiry()))
                .switchIfEmpty(find(session, key, run.id())));
        return LostConnection.survive(create, create);
    }

    @Override
    public Mono<StoredRun> admit(ThreadKey thread, NewRun run) {
        return LostConnection.survive(
                locked(thread, (session, locked) -> admit(session, locked, run)),
                locked(
                        thread,
                        (session, locked) ->
                                find(session, thread, run.id()).switchIfEmpty(admit(session, locked, run))));
    }

    private <T> Mono<T> locked(ThreadKey thread, BiFunction<Session, LockedThread, Mono<T>> work) {
        return database.inTransaction(
                session -> LockedThread.lock(session, thread).flatMap(locked -> work.apply(session, locked)));
    }

    private Mono<StoredRun> admit(Session session, LockedThread thread, NewRun run) {
        return Mono.defer(() -> thread.activeRuns(session))
                .flatMap(active -> refuse(thread.key(), run, active))
                .then(RunInsert.execute(session, thread.key(), thread.nextTurn(), run, settings.runExpiry()));
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
        return Mono.defer(() -> addMessage(thread, ItemId.fresh(), message, whileActive));
    }

    private Mono<StoredItem> addMessage(ThreadKey thread, ItemId id, NewMessage message, WhileActive whileActive) {
        return LostConnection.survive(
                locked(thread, (session, locked) -> add(session, locked, id, message, whileActive)),
                locked(
                        thread,
                        (session, locked) -> find(session, thread, id)
                                .switchIfEmpty(add(session, locked, id, message, whileActive))));
    }

    private static Mono<StoredItem> add(
            Session session, LockedThread thread, ItemId id, NewMessage message, WhileActive whileActive) {
        return refuse(session, thread, whileActive)
                .then(MessageInsert.add(session, thread.key(), thread.nextTurn(), id, message));
    }

    private static Mono<Void> refuse(Session session, LockedThread thread, WhileActive whileActive) {
        return switch (whileActive) {
            case ALLOW -> Mono.empty();
            case REJECT ->
                Mono.defer(() -> thread.activeRuns(session))
                        .filter(active -> !active.isEmpty())
                        .flatMap(active -> Mono.error(new ProblemException(
                                new Problem.MessageWhileActive(thread.key().id(), active.getFirst()))));
        };
    }

    // Of the same insert whose outcome is unknown, this one awaits the end.
    private static final String INSERT_THREAD = """
            insert into threads as t (id, tenant_id, metadata, next_turn)
            values ($1, $2, $3::jsonb, $4)
            on conflict do nothing
            returning %s
            """.formatted(ThreadRows.COLUMNS);

    /** With its messages; empty when it is there already. */
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

    private static final String FIND_THREAD = "select" + ThreadRows.COLUMNS + """
              from threads t
             where t.tenant_id = $1 and t.id = $2
            """;

    private static Mono<StoredThread> find(Session session, ThreadKey thread) {
        return Mono.defer(() -> session.one(
                FIND_THREAD,
                ThreadRows::thread,
                thread.tenant().value(),
                thread.id().value()));
    }

    private static final String FIND_RUN = RunRows.SELECT + """
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3
            """;

    private static Mono<StoredRun> find(Session session, ThreadKey thread, RunId run) {
        return Mono.defer(() -> session.one(
                FIND_RUN, RunRows::run, thread.tenant().value(), thread.id().value(), run.value()));
    }

    private static final String FIND_ITEM = ItemRows.SELECT + """
             where i.tenant_id = $1 and i.thread_id = $2 and i.id = $3
            """;

    private static Mono<StoredItem> find(Session session, ThreadKey thread, ItemId item) {
        return Mono.defer(() -> session.one(
                FIND_ITEM, ItemRows::item, thread.tenant().value(), thread.id().value(), item.value()));
    }
}
