package dev.heddle.persistence.postgres;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.TenantId;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * One request's claim to its key: a row that stands, or does not, together with what the request makes.
 *
 * @param id tells this request, also when it is tried again after a lost answer, from a repetition of it
 * @param life after which a key counts as never used
 */
record Claim(TenantId tenant, RequestKey key, UUID id, Duration life) {
    static Claim of(TenantId tenant, RequestKey key, Duration life) {
        return new Claim(tenant, key, UUID.randomUUID(), life);
    }

    /**
     * Does the work if the key is free, and notes what it made. Waits for whoever claims the key at the same time. Fails
     * with {@link KeyTaken} when the same request was done before, with {@code KeyReused} when another one was.
     */
    <T> Mono<T> during(Session session, Function<Session, Mono<T>> work) {
        return taken(session)
                .then(Mono.defer(() -> work.apply(session)))
                .delayUntil(stored -> note(session, Made.of(stored)));
    }

    // Of a row that is there, a claim in another transaction awaits the end; and locks it, so that it stays.
    private static final String TAKE = """
            insert into idempotency_keys as k (tenant_id, key, method, path, body_hash, claim)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (tenant_id, key) do update
               set method = excluded.method, path = excluded.path, body_hash = excluded.body_hash,
                   claim = excluded.claim, made = null, detail = null, created_at = excluded.created_at
             where k.claim = excluded.claim or k.created_at < now() - $7 * interval '1 millisecond'
            """;

    private Mono<Void> taken(Session session) {
        return session.change(
                        TAKE, tenant.value(), key.key(), key.method(), key.path(), key.bodyHash(), id, life.toMillis())
                .filter(rows -> rows == 0)
                .flatMap(_ -> KeyRow.find(session, tenant, key.key(), life))
                .flatMap(row -> row.madeBy(key))
                .flatMap(made -> Mono.error(new KeyTaken(made)));
    }

    private static final String NOTE = """
            update idempotency_keys
               set made = $3, detail = $4
             where tenant_id = $1 and key = $2
            """;

    private Mono<Long> note(Session session, Made made) {
        return session.change(
                NOTE,
                tenant.value(),
                key.key(),
                made.id(),
                Session.Null.or(Long.class, made.detail().orElse(null)));
    }
}
