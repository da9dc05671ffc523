package dev.heddle.gateway.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** No event is shown before it is stored: while no commit comes through, whoever reads learns nothing more. */
@Timeout(120)
class StoredFirstIT {
    private static final int CHUNKS = 300;
    private static final int WHILE_HELD = 60;
    private static final String PACED = "Why? [[chunks=" + CHUNKS + " delay=10ms]]";
    private static final String STORED_TEXT = "\"e\":\"text\"";

    private static TestGateway gateway;
    private static TestClient client;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void inTheStreamOfARun() throws SQLException {
        var body = Map.of("assistant_id", client.newAssistant(), "stream", true, "thread", asking());

        assertStoredFirst("thread.message.delta", () -> client.events("/threads/runs", body));
    }

    @Test
    void inTheStreamOfAResponse() throws SQLException {
        var body = Map.of("model", "scripted", "stream", true, "input", PACED);

        assertStoredFirst("response.output_text.delta", () -> client.events("/responses", body));
    }

    @Test
    void inTheStreamOfAThread() throws SQLException {
        String thread = TestClient.id(client.post("/threads", asking()));
        client.post("/threads/" + thread + "/runs", Map.of("assistant_id", client.newAssistant()));

        assertStoredFirst("text.appended", () -> client.events("/threads/" + thread + "/events"));
    }

    private interface Reading {
        Stream<TestEvent> events();
    }

    private static Map<String, Object> asking() {
        return Map.of("messages", new Object[] {Map.of("role", "user", "content", PACED)});
    }

    private static void assertStoredFirst(String delta, Reading reading) throws SQLException {
        var shown = new AtomicInteger();
        var end = CompletableFuture.runAsync(() -> read(reading, delta, shown));
        await(() -> shown.get() >= 5);

        try (var commits = connection()) {
            commits.setAutoCommit(false);
            int stored = holdCommits(commits);
            long said = chunksSaid();
            await(() -> chunksSaid() >= said + WHILE_HELD);

            assertThat(shown).hasValueLessThanOrEqualTo(stored);
            commits.commit();
        }

        end.join();
        assertThat(shown).hasValue(CHUNKS);
    }

    private static void read(Reading reading, String delta, AtomicInteger shown) {
        try (var events = reading.events()) {
            events.filter(event -> event.event().equals(delta)).limit(CHUNKS).forEach(_ -> shown.incrementAndGet());
        }
    }

    /** From here on nothing is committed to any log; tells how many pieces of text of the newest thread have been. */
    private static int holdCommits(Connection commits) throws SQLException {
        int pieces = 0;
        try (var statement = commits.createStatement()) {
            statement.execute("lock table event_log in exclusive mode");
            var payloads = statement.executeQuery("""
                    select payload from event_log
                     where thread_id = (select id from threads order by created_at desc limit 1)
                    """);
            while (payloads.next()) {
                pieces += new String(payloads.getBytes("payload"), UTF_8).split(STORED_TEXT, -1).length - 1;
            }
        }
        return pieces;
    }

    private static long chunksSaid() {
        return gateway.model().meter().read().tokensSent();
    }

    private static Connection connection() throws SQLException {
        var database = gateway.database();
        return DriverManager.getConnection(
                database.jdbcUrl(), database.user(), database.password().orElse(""));
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .filter(_ -> condition.getAsBoolean())
                .blockFirst(Duration.ofSeconds(60));
    }
}
