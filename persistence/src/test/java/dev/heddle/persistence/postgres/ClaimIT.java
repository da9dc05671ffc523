package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Crowd.allAtOnce;
import static dev.heddle.persistence.postgres.Crowd.answersOf;
import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredThread;
import dev.heddle.persistence.postgres.CutLine.Moment;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A key is claimed once: by the request that makes something, together with what it makes. */
class ClaimIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final CutLine LINE = new CutLine(POSTGRES.url());
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final AssistantSpec ADA =
            new AssistantSpec("demo", "Ada", null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of());

    private final Admission admission = POSTGRES.admission();
    private final ThreadKey thread = REQUESTS.newThread();
    private final RequestKey key = new RequestKey(UUID.randomUUID().toString(), "POST", "/v1/some/path", "cafe");

    @AfterAll
    static void close() {
        LINE.close();
        POSTGRES.close();
    }

    @Test
    void oneOfManyRequestsAtOnceIsDoneAndAllGetItsAnswer() {
        List<StoredRun> answers = allAtOnce(
                40, _ -> admission.repeatable(key).admit(thread, newRun(Strategy.CONCURRENT, userSays("Hello"))));

        assertThat(answers).hasSize(40).containsOnly(answers.getFirst());
        assertThat(count("runs")).isEqualTo(1L);
        assertThat(count("items")).isEqualTo(1L);
        assertThat(count("turns")).isEqualTo(1L);
    }

    @Test
    void oneOfManyRequestsAtOnceThatCreateThreadsIsDone() {
        List<StoredThread> answers = allAtOnce(
                40, _ -> admission.repeatable(key).createThread(TenantId.DEFAULT, newThread(List.of(userSays("Hi")))));

        assertThat(answers).hasSize(40).containsOnly(answers.getFirst());
        assertThat(POSTGRES.value("select made from idempotency_keys where key = ?", key.key()))
                .isEqualTo(answers.getFirst().key().id().value());
    }

    @Test
    void aRequestThatWaitsForOneThatIsRolledBackIsDoneItself() throws SQLException {
        try (Connection other = POSTGRES.connect()) {
            claim(other);
            var waiting = admission
                    .repeatable(key)
                    .admit(thread, newRun(Strategy.CONCURRENT))
                    .toFuture();
            POSTGRES.awaitLockWaiters(1);

            other.rollback();

            StoredRun done = waiting.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(count("runs")).isEqualTo(1L);
            assertThat(admit(key)).isEqualTo(done);
        }
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() {
        RunKey busy = REQUESTS.admit(thread, Strategy.CONCURRENT);
        var refusal = new Problem.ThreadBusy(thread.id(), busy.id());

        assertProblem(admission.repeatable(key).admit(thread, newRun(Strategy.REJECT)), refusal);
        assertThat(claims()).isEqualTo(0L);

        admit(otherBody());
        assertThat(count("runs")).isEqualTo(2L);
    }

    @Test
    void aRequestThatChangesNothingLeavesItsKeyFree() {
        var assistants = new PostgresAssistants(POSTGRES.database());
        var threads = new PostgresThreads(POSTGRES.database());
        var runs = new PostgresRuns(POSTGRES.database(), threads);
        RunKey unknown = new RunKey(thread, 1, newRun(Strategy.CONCURRENT).id());

        assertProblem(
                runs.repeatable(key).replaceMetadata(thread, unknown.id(), Map.of()),
                new Problem.RunNotFound(unknown.id()));
        assertThat(claims()).isEqualTo(0L);

        assertThat(assistants.repeatable(key).create(TenantId.DEFAULT, ADA).block(PATIENCE))
                .isNotNull();
        assertThat(claims()).isEqualTo(1L);
    }

    @ParameterizedTest
    @MethodSource("others")
    void aKeyOfAnotherRequestIsRefusedAndNothingIsStored(RequestKey other) {
        var used = new RequestKey(key.key(), other.method(), other.path(), other.bodyHash());
        admit(key);

        assertProblem(
                admission.repeatable(used).admit(thread, newRun(Strategy.CONCURRENT)),
                new Problem.KeyReused(key.key()));
        assertThat(count("runs")).isEqualTo(1L);
    }

    static Stream<RequestKey> others() {
        return Stream.of(
                new RequestKey("", "PUT", "/v1/some/path", "cafe"),
                new RequestKey("", "POST", "/v1/other/path", "cafe"),
                new RequestKey("", "POST", "/v1/some/path", "babe"));
    }

    @Test
    void ofTwoDifferentRequestsAtOnceOneIsDone() {
        List<Object> answers = answersOf(
                20, i -> admission.repeatable(i % 2 == 0 ? key : otherBody()).admit(thread, newRun(Strategy.ENQUEUE)));

        assertThat(answers.stream().distinct()).hasSize(2).contains(new Problem.KeyReused(key.key()));
        assertThat(count("runs")).isEqualTo(1L);
    }

    @Test
    void aKeyBelongsToItsTenant() {
        var foreign = new TenantId("foreign");
        StoredThread ours = admission
                .repeatable(key)
                .createThread(TenantId.DEFAULT, newThread(List.of()))
                .block(PATIENCE);

        StoredThread theirs = admission
                .repeatable(otherBody())
                .createThread(foreign, newThread(List.of()))
                .block(PATIENCE);

        assertThat(theirs.key().tenant()).isEqualTo(foreign);
        assertThat(theirs.key().id()).isNotEqualTo(ours.key().id());
        assertThat(claims()).isEqualTo(2L);
    }

    @Test
    void aKeyThatHasExpiredCountsAsNeverUsed() {
        StoredRun first = admit(key);
        age("23 hours 59 minutes");
        assertThat(admit(key)).isEqualTo(first);
        age("24 hours 1 second");

        StoredRun second = admit(otherBody());

        assertThat(second.key()).isNotEqualTo(first.key());
        assertThat(admit(otherBody())).isEqualTo(second);
        assertProblem(
                admission.repeatable(key).admit(thread, newRun(Strategy.CONCURRENT)), new Problem.KeyReused(key.key()));
    }

    @ParameterizedTest
    @EnumSource
    void aLostAnswerIsNoRepetition(Moment moment) {
        try (TestPostgres overLine = POSTGRES.reachedBy(LINE.url())) {
            LINE.cut(moment, "COMMIT");
            int cuts = LINE.cuts();

            StoredRun first = overLine.admission()
                    .repeatable(key)
                    .admit(thread, newRun(Strategy.CONCURRENT))
                    .block(PATIENCE);

            assertThat(LINE.cuts()).isEqualTo(cuts + 1);
            assertThat(admit(key)).isEqualTo(first);
            assertThat(count("runs")).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherRunThatIsAskedForAfterALostAnswerFindsTheKeyTaken(Moment moment) {
        RunKey run = REQUESTS.admit(thread, Strategy.CONCURRENT);
        try (TestPostgres overLine = POSTGRES.reachedBy(LINE.url())) {
            LINE.cut(moment, "COMMIT");

            StoredRun stopped = overLine.admission()
                    .repeatable(key)
                    .stop(thread, run.id(), StopCause.CLIENT)
                    .block(PATIENCE);

            assertThat(stopped.key()).isEqualTo(run);
            assertProblem(
                    admission.repeatable(otherBody()).admit(thread, newRun(Strategy.CONCURRENT)),
                    new Problem.KeyReused(key.key()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeyStandsWithWhatItsRequestHasMadeOrNeitherDoes(Moment moment) {
        try (TestPostgres overLine = POSTGRES.reachedBy(LINE.url())) {
            Assistants assistants = new PostgresAssistants(overLine.database()).repeatable(key);
            LINE.cut(moment, "COMMIT");

            assertThatThrownBy(() -> assistants.create(TenantId.DEFAULT, ADA).block(PATIENCE))
                    .isNotNull();

            Object made = POSTGRES.value("""
                    select count(*) from idempotency_keys k join assistants a on a.id = k.made where k.key = ?
                    """, key.key());
            assertThat(made).isEqualTo(claims()).isEqualTo(moment == Moment.AFTER ? 1L : 0L);
        }
    }

    private StoredRun admit(RequestKey request) {
        return admission
                .repeatable(request)
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE);
    }

    private RequestKey otherBody() {
        return new RequestKey(key.key(), key.method(), key.path(), "other");
    }

    private void age(String interval) {
        POSTGRES.rows(
                "update idempotency_keys set created_at = now() - cast(? as interval) where key = ?",
                interval,
                key.key());
    }

    private Object claims() {
        return POSTGRES.value("select count(*) from idempotency_keys where key = ?", key.key());
    }

    private Object count(String table) {
        return POSTGRES.value(
                "select count(*) from " + table + " where thread_id = ?",
                thread.id().value());
    }

    /** As another instance would, without a commit. */
    private void claim(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("""
                insert into idempotency_keys (tenant_id, key, method, path, body_hash, claim) values (?, ?, ?, ?, ?, ?)
                """)) {
            statement.setString(1, thread.tenant().value());
            statement.setString(2, key.key());
            statement.setString(3, key.method());
            statement.setString(4, key.path());
            statement.setString(5, key.bodyHash());
            statement.setObject(6, UUID.randomUUID());
            statement.execute();
        }
    }
}
