package dev.heddle.persistence.postgres;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** A key that was used, the request that used it, and what that made. */
record KeyRow(RequestKey key, Made made) {
    private static final String FIND = """
            select k.key, k.method, k.path, k.body_hash, k.made, k.detail
              from idempotency_keys k
             where k.tenant_id = $1 and k.key = $2 and k.created_at >= now() - $3 * interval '1 millisecond'
            """;

    /** Empty for a key that was not used, or so long ago that it does not count. */
    static Mono<KeyRow> find(Session session, TenantId tenant, String key, Duration life) {
        return Mono.defer(() -> session.one(FIND, KeyRow::read, tenant.value(), key, life.toMillis()));
    }

    /** What was made, if it was by the same request; else {@code KeyReused}. */
    Mono<Made> madeBy(RequestKey request) {
        return key.equals(request)
                ? Mono.just(made)
                : Mono.error(new ProblemException(new Problem.KeyReused(request.key())));
    }

    private static KeyRow read(Readable row) {
        var key = new RequestKey(
                Column.of(row, "key", String.class),
                Column.of(row, "method", String.class),
                Column.of(row, "path", String.class),
                Column.of(row, "body_hash", String.class));
        return new KeyRow(key, new Made(Column.of(row, "made", UUID.class), Column.find(row, "detail", Long.class)));
    }
}
