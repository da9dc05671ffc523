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
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** {@link PostgresAdmission} over a database that claims the request's key. */
final class RepeatableAdmission implements Admission {
    private final Database database;
    private final AdmissionSettings settings;
    private final NodeId node;
    private final Once once;

    RepeatableAdmission(Database database, AdmissionSettings settings, NodeId node, RequestKey key) {
        this.database = database;
        this.settings = settings;
        this.node = node;
        this.once = new Once(database, key);
    }

    @Override
    public Admission repeatable(RequestKey key) {
        return new RepeatableAdmission(database, settings, node, key);
    }

    @Override
    public Mono<StoredThread> createThread(TenantId tenant, NewThread thread) {
        return thread(tenant, admission -> admission.createThread(tenant, thread));
    }

    @Override
    public Mono<StoredThread> fork(ThreadKey from, NewThread into) {
        return thread(from.tenant(), admission -> admission.fork(from, into));
    }

    @Override
    public Mono<StoredThread> importTurns(ThreadKey from, ThreadKey into) {
        return thread(from.tenant(), admission -> admission.importTurns(from, into));
    }

    private Mono<StoredThread> thread(TenantId tenant, Function<Admission, Mono<StoredThread>> work) {
        return once.make(
                tenant,
                claiming -> work.apply(over(claiming)),
                made -> new PostgresThreads(database).find(new ThreadKey(tenant, new ThreadId(made.id()))));
    }

    @Override
    public Mono<List<StoredItem>> addItems(ThreadKey thread, List<NewItem> items, WhileActive whileActive) {
        return once.make(
                thread.tenant(),
                claiming -> over(claiming).addItems(thread, items, whileActive),
                made -> MadeItems.find(database, thread, made));
    }

    @Override
    public Mono<FirstRun> createThreadAndRun(TenantId tenant, NewThread thread, NewRun run) {
        return once.make(
                tenant,
                claiming -> over(claiming).createThreadAndRun(tenant, thread, run),
                made -> MadeRun.find(database, tenant, made).map(FirstRun::found));
    }

    @Override
    public Mono<StoredRun> admit(ThreadKey thread, NewRun run) {
        return run(thread.tenant(), admission -> admission.admit(thread, run));
    }

    @Override
    public Mono<StoredRun> chain(Chain chain, NewRun run) {
        return run(chain.parent().thread().tenant(), admission -> admission.chain(chain, run));
    }

    @Override
    public Mono<StoredRun> submitOutputs(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs) {
        return run(thread.tenant(), admission -> admission.submitOutputs(thread, run, outputs));
    }

    @Override
    public Mono<StoredRun> stop(ThreadKey thread, RunId run, StopCause cause) {
        return run(thread.tenant(), admission -> admission.stop(thread, run, cause));
    }

    private Mono<StoredRun> run(TenantId tenant, Function<Admission, Mono<StoredRun>> work) {
        return once.make(tenant, claiming -> work.apply(over(claiming)), made -> MadeRun.find(database, tenant, made));
    }

    /** What deletes has no key: done twice, it comes to the same. */
    @Override
    public Mono<Void> withdraw(ThreadKey thread, RunId run) {
        return over(database).withdraw(thread, run);
    }

    @Override
    public Mono<Void> deleteMessage(ThreadKey thread, ItemId message) {
        return over(database).deleteMessage(thread, message);
    }

    @Override
    public Mono<Void> deleteItem(ThreadKey thread, ItemId item) {
        return over(database).deleteItem(thread, item);
    }

    @Override
    public Mono<Void> forget(ThreadKey thread, RunId run) {
        return over(database).forget(thread, run);
    }

    @Override
    public Mono<Void> deleteThread(ThreadKey thread) {
        return over(database).deleteThread(thread);
    }

    private Admission over(Database any) {
        return new PostgresAdmission(any, settings, node);
    }
}
