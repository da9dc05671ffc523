package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** {@link Tickets} in PostgreSQL. Their time is the database's. */
final class PostgresTickets implements Tickets {
    private static final String PREFIX = "tkt_";
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Database database;
    private final PostgresThreads threads;
    private final PostgresRuns runs;

    PostgresTickets(Database database, PostgresThreads threads, PostgresRuns runs) {
        this.database = database;
        this.threads = threads;
        this.runs = runs;
    }

    private static final String ISSUE = """
            insert into stream_tickets (digest, tenant_id, thread_id, run_id, expires_at)
            values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
            returning expires_at
            """;

    @Override
    public Mono<Ticket> issue(Scope scope, Duration life) {
        return requireThere(scope).then(Mono.defer(() -> issue(text(), scope, life)));
    }

    private Mono<Void> requireThere(Scope scope) {
        return scope.run()
                .map(run -> runs.find(scope.thread(), run).then())
                .orElseGet(() -> threads.find(scope.thread()).then());
    }

    private Mono<Ticket> issue(String text, Scope scope, Duration life) {
        return database.one(
                ISSUE,
                row -> new Ticket(text, scope, Column.of(row, "expires_at", Instant.class)),
                digest(text),
                scope.tenant().value(),
                scope.thread().id().value(),
                Session.Null.or(UUID.class, scope.run().map(RunId::value).orElse(null)),
                life.toMillis());
    }

    private String text() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    // Of two that show it at once, the second waits for the first one's row, and finds it gone.
    private static final String REDEEM = """
            delete from stream_tickets
             where digest = $1 and expires_at > now()
            returning tenant_id, thread_id, run_id
            """;

    @Override
    public Mono<Scope> redeem(String ticket) {
        return Mono.defer(() -> database.one(REDEEM, PostgresTickets::scope, digest(ticket)));
    }

    private static Scope scope(Readable row) {
        var thread = new ThreadKey(
                new TenantId(Column.of(row, "tenant_id", String.class)),
                new ThreadId(Column.of(row, "thread_id", UUID.class)));
        return new Scope(thread, Column.find(row, "run_id", UUID.class).map(RunId::new));
    }

    private static String digest(String ticket) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(ticket.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
