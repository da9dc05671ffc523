package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredRun.RequiredAction;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A run as it stood behind each of its events: what a GET between the two would have shown. */
final class RunFold {
    private RunFold() {}

    /** The run before its first event, whatever has become of it since. */
    static StoredRun admitted(StoredRun run, Duration expiry) {
        return new StoredRun(
                run.key(),
                RunStatus.QUEUED,
                run.strategy(),
                run.spec(),
                run.metadata(),
                run.createdAt(),
                run.createdAt().plus(expiry),
                Optional.empty(),
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static StoredRun after(StoredRun run, ThreadEvent.OfRun ofRun, Instant at) {
        var status = run.status().after(ofRun.event());
        return switch (ofRun.event()) {
            case RunEvent.Started started -> moved(run, status, started.expiresAt(), Optional.of(at), Optional.empty());
            case RunEvent.ActionRequired required ->
                moved(run, status, run.expiresAt(), run.startedAt(), Optional.of(action(ofRun.runSeq(), required)));
            case RunEvent.Terminal terminal -> ended(run, status, terminal, at);
            case RunEvent.Lifecycle _ -> moved(run, status, run.expiresAt(), run.startedAt(), Optional.empty());
            case RunEvent.Output _, RunEvent.ModelCallStarted _, RunEvent.ModelCallEnded _ -> run;
        };
    }

    private static RequiredAction action(long runSeq, RunEvent.ActionRequired required) {
        return new RequiredAction(runSeq, required.calls());
    }

    private static StoredRun moved(
            StoredRun run,
            RunStatus status,
            Instant expiresAt,
            Optional<Instant> startedAt,
            Optional<RequiredAction> action) {
        return new StoredRun(
                run.key(),
                status,
                run.strategy(),
                run.spec(),
                run.metadata(),
                run.createdAt(),
                expiresAt,
                startedAt,
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                action);
    }

    private static StoredRun ended(StoredRun run, RunStatus status, RunEvent.Terminal terminal, Instant at) {
        return new StoredRun(
                run.key(),
                status,
                run.strategy(),
                run.spec(),
                run.metadata(),
                run.createdAt(),
                run.expiresAt(),
                run.startedAt(),
                Optional.of(at),
                terminal.usage(),
                terminal instanceof RunEvent.Failed failed ? Optional.of(failed.failure()) : Optional.empty(),
                terminal instanceof RunEvent.Incomplete cut ? Optional.of(cut.reason()) : Optional.empty(),
                Optional.empty());
    }
}
