package dev.heddle.persistence.postgres;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The runs of a locked thread that have not ended, by turn. */
record ActiveRuns(ThreadKey thread, List<ActiveRun> unended) {
    private record ActiveRun(RunKey key, boolean withdrawn, boolean stopAsked) {}

    private static final String UNENDED = """
            select r.id, r.tenant_id, r.thread_id, r.turn,
                   exists (select from turns w
                            where w.tenant_id = r.tenant_id and w.thread_id = r.thread_id and w.number = r.turn
                              and w.withdrawn) as withdrawn,
                   r.status = 'cancelling'
                   or exists (select from thread_inbox s
                               where s.tenant_id = r.tenant_id and s.run_id = r.id and s.kind = 'stop') as stop_asked
              from runs r
             where r.tenant_id = $1 and r.thread_id = $2 and r.ended_seq is null
             order by r.turn
            """;

    /** To be asked for after the lock: the look must not be older than it. */
    static Mono<ActiveRuns> of(Session session, ThreadKey thread) {
        return Mono.defer(() -> session.list(
                        UNENDED,
                        ActiveRuns::row,
                        thread.tenant().value(),
                        thread.id().value())
                .map(unended -> new ActiveRuns(thread, unended)));
    }

    private static ActiveRun row(Readable row) {
        return new ActiveRun(
                RunRows.key(row),
                Column.of(row, "withdrawn", Boolean.class),
                Column.of(row, "stop_asked", Boolean.class));
    }

    /** Those that others see: a withdrawn run only comes to its end. */
    List<RunKey> visible() {
        return unended.stream()
                .filter(run -> !run.withdrawn())
                .map(ActiveRun::key)
                .toList();
    }

    Optional<RunId> firstVisible() {
        return visible().stream().map(RunKey::id).findFirst();
    }

    /** Those that nobody has asked to stop. */
    List<RunKey> unstopped() {
        return unended.stream()
                .filter(run -> !run.stopAsked())
                .map(ActiveRun::key)
                .toList();
    }

    /**
     * Why one more run of this strategy is refused. Runs on their way to their end do not count as long as they are few:
     * who only ever interrupts must not fill the thread either.
     */
    Optional<Problem> refusal(Strategy strategy, int maxActiveRuns) {
        if (!strategy.admits(visible().size())) {
            return firstVisible().map(active -> new Problem.ThreadBusy(thread.id(), active));
        }
        boolean full = !strategy.stopsOthers() && unstopped().size() >= maxActiveRuns;
        return full || unended.size() >= 2 * maxActiveRuns
                ? Optional.of(new Problem.QueueFull(thread.id(), maxActiveRuns))
                : Optional.empty();
    }
}
