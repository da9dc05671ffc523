package dev.heddle.persistence;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Stream tickets: who shows one may read one stream, once, without a key. Good on every instance. */
public interface Tickets {
    /** A new one for what is there; a {@code ThreadNotFound} or {@code RunNotFound} problem otherwise. */
    Mono<Ticket> issue(Scope scope, Duration life);

    /** Uses a ticket up, and tells what it was for; empty when it is unknown, used or too old. */
    Mono<Scope> redeem(String ticket);

    /** What a ticket is for: a thread with all its runs, or one run of it only. */
    record Scope(ThreadKey thread, Optional<RunId> run) {
        public TenantId tenant() {
            return thread.tenant();
        }
    }

    /** {@code text} is what its holder shows; only a digest of it is kept. */
    record Ticket(String text, Scope scope, Instant expiresAt) {}
}
