package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.NewRun;
import dev.heddle.persistence.NewThread;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StrategyChoice;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Requests;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What requests write, by admission; and rows as admission would have written them, without telling anyone. */
final class PostgresRequests implements Requests {
    private static final RunSpec SPEC = RunSpec.of(null, "demo", "Be brief.", ModelOptions.DEFAULTS);

    private final TestPostgres postgres;
    private final Admission admission;

    PostgresRequests(TestPostgres postgres) {
        this.postgres = postgres;
        this.admission = postgres.admission();
    }

    @Override
    public ThreadKey newThread() {
        return admission
                .createThread(TenantId.DEFAULT, newThread(List.of()))
                .block(TestPostgres.PATIENCE)
                .key();
    }

    @Override
    public RunKey admit(ThreadKey thread, Strategy strategy) {
        return admission
                .admit(thread, newRun(strategy))
                .block(TestPostgres.PATIENCE)
                .key();
    }

    @Override
    public void askStop(RunKey run, StopCause cause) {
        admission.stop(run.thread(), run.id(), cause).block(TestPostgres.PATIENCE);
    }

    @Override
    public void submitOutputs(RunKey run, String output) {
        List<Item.FunctionCallOutput> outputs =
                postgres
                        .rows(
                                "select required_action::text as calls from runs where id = ?",
                                run.id().value())
                        .stream()
                        .flatMap(row -> JsonText.calls((String) row.get("calls")).stream())
                        .map(call -> new Item.FunctionCallOutput(call.call(), output))
                        .toList();
        admission.submitOutputs(run.thread(), run.id(), outputs).block(TestPostgres.PATIENCE);
    }

    @Override
    public void deleteMessage(ThreadKey thread, ItemId message) {
        admission.deleteMessage(thread, message).block(TestPostgres.PATIENCE);
    }

    @Override
    public ItemId addMessage(ThreadKey thread, String text) {
        return admission
                .addMessage(thread, userSays(text), WhileActive.ALLOW)
                .block(TestPostgres.PATIENCE)
                .id();
    }

    private static final String INSERT_RUN = """
            with next as (
                update threads set next_turn = greatest(next_turn, ? + 1) where id = ?
            )
            insert into runs (id, tenant_id, thread_id, turn, inputs, strategy, spec, metadata, expires_at, status)
            values (?, ?, ?, ?, 0, 'concurrent', ?::jsonb, '{}', now(), 'queued')
            """;

    /** A queued run at this turn, of which no owner was told. */
    RunKey newRun(ThreadKey thread, long turn) {
        var run = new RunKey(thread, turn, RunId.fresh());
        postgres.rows(
                INSERT_RUN,
                turn,
                thread.id().value(),
                run.id().value(),
                thread.tenant().value(),
                thread.id().value(),
                turn,
                JsonText.of(SPEC));
        return run;
    }

    /** Makes this the epoch of the thread's owner, whoever that is. */
    void claimed(ThreadKey thread, long epoch) {
        postgres.rows(
                "update threads set owner_epoch = ? where id = ?",
                epoch,
                thread.id().value());
    }

    static NewThread newThread(List<NewItem> messages) {
        return new NewThread(ThreadId.fresh(), messages, Optional.empty(), Map.of());
    }

    static NewRun newRun(Strategy strategy, NewItem... inputs) {
        return new NewRun(RunId.fresh(), SPEC, List.of(inputs), StrategyChoice.of(strategy), Map.of());
    }

    static NewItem userSays(String text) {
        return new NewItem(Item.Message.of(Role.USER, text), Map.of());
    }
}
