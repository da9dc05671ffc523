package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredRun;
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
                run.spec(),
                run.metadata(),
                run.createdAt(),
                run.createdAt().plus(expiry),
                Optional.empty(),
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty());
    }

    static StoredRun after(StoredRun run, RunEvent event, Instant at) {
        var status = run.status().after(event);
        return switch (event) {
            case RunEvent.Started started -> moved(run, status, started.expiresAt(), Optional.of(at));
            case RunEvent.Admitted _, RunEvent.StopRequested _ -> moved(run, status, run.expiresAt(), run.startedAt());
            case RunEvent.Terminal terminal -> ended(run, status, terminal, at);
            case RunEvent.Output _, RunEvent.ModelCallStarted _, RunEvent.ModelCallEnded _ -> run;
        };
    }

    private static StoredRun moved(StoredRun run, RunStatus status, Instant expiresAt, Optional<Instant> startedAt) {
        return new StoredRun(
                run.key(),
                status,
                run.spec(),
                run.metadata(),
                run.createdAt(),
                expiresAt,
                startedAt,
                Optional.empty(),
                Usage.NONE,
                Optional.empty(),
                Optional.empty());
    }

    private static StoredRun ended(StoredRun run, RunStatus status, RunEvent.Terminal terminal, Instant at) {
        return new StoredRun(
                run.key(),
                status,
                run.spec(),
                run.metadata(),
                run.createdAt(),
                run.expiresAt(),
                run.startedAt(),
                Optional.of(at),
                terminal.usage(),
                terminal instanceof RunEvent.Failed failed ? Optional.of(failed.failure()) : Optional.empty(),
                terminal instanceof RunEvent.Incomplete cut ? Optional.of(cut.reason()) : Optional.empty());
    }
}
