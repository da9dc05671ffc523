package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.TestPostgres.KEY_LIFE;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Keys that count no more are forgotten, all of them and no others. */
class OldKeysIT {
    private final TestPostgres postgres = TestPostgres.fresh();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final OldKeys keys = new OldKeys(postgres.database(), KEY_LIFE, time);

    @AfterEach
    void close() {
        keys.stop();
        postgres.close();
    }

    @Test
    void theOldOnesAreForgottenBiteAfterBite() {
        insert("old", "25 hours", 2 * OldKeys.BITE + 7);
        insert("young", "23 hours", 20);

        assertThat(keys.prune().block(PATIENCE)).isEqualTo(2 * OldKeys.BITE + 7);

        assertThat(count()).isEqualTo(20L);
        assertThat(postgres.value("select count(*) from idempotency_keys where key like 'young%'"))
                .isEqualTo(20L);
        assertThat(keys.prune().block(PATIENCE)).isEqualTo(0);
    }

    @Test
    void oneThatARequestIsJustReplacingIsLeftAlone() throws SQLException {
        insert("old", "25 hours", 3);
        try (Connection request = postgres.connect()) {
            request.setAutoCommit(false);
            try (var statement = request.createStatement()) {
                statement.execute("update idempotency_keys set created_at = now() where key = 'old2'");
            }

            assertThat(keys.prune().block(PATIENCE)).isEqualTo(2);

            request.commit();
        }
        assertThat(postgres.value("select key from idempotency_keys")).isEqualTo("old2");
    }

    @Test
    void itHappensEveryMinuteUntilItIsStopped() {
        keys.start();
        insert("old", "25 hours", 3);
        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(count()).isEqualTo(3L);

        time.advanceTimeBy(Duration.ofSeconds(1));
        awaitNone();

        insert("more", "25 hours", 3);
        keys.stop();
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(count()).isEqualTo(3L);
    }

    private void insert(String name, String age, int count) {
        postgres.rows("""
                insert into idempotency_keys (tenant_id, key, method, path, body_hash, claim, made, created_at)
                select 't' || n % 3, ? || n, 'POST', '/', 'cafe', gen_random_uuid(), gen_random_uuid(),
                       now() - cast(? as interval)
                  from generate_series(1, ?) n
                """, name, age, count);
    }

    private Object count() {
        return postgres.value("select count(*) from idempotency_keys");
    }

    private void awaitNone() {
        Mono.fromCallable(this::count)
                .repeat()
                .filter(count -> count.equals(0L))
                .blockFirst(PATIENCE);
    }
}
