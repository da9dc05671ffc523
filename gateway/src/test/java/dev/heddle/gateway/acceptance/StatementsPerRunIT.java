package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heddle.gateway.testing.Script;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import dev.heddle.persistence.testing.TappedDatabase;
import dev.heddle.persistence.testing.TappedDatabase.Transaction;
import dev.heddle.persistence.testing.TestDatabase;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a run of 20 chunks asks of the database, counted on the wire: a guard that is not timed. Who asks less than is
 * written here writes down the new numbers; who asks more finds in the message what came in.
 */
class StatementsPerRunIT {
    private static final int WARM_UP = 5;
    private static final int RUNS = 50;
    private static final double TOLERANCE = 0.15;

    /** Owner, admission and start, then the answer and its end: how many go together depends on the moment. */
    private static final double MAX_GROUP_COMMITS = 6;

    private static TappedDatabase database;
    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        database = new TappedDatabase(TestDatabase.fresh());
        gateway = TestGateway.start(Map.of("heddle.database.url", database.url().url()));
        // In one piece, so that the number of group commits is not that of chance.
        gateway.model().script(Script.ECHO.chunks(20).chunksPerWrite(25));
        client = gateway.client();
        assistant = client.newAssistant();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        database.close();
    }

    @Test
    void ofARunWithItsThread() {
        var thread = Map.of("messages", List.of(Map.of("role", "user", "content", "Why?")));
        var body = Map.of("assistant_id", assistant, "stream", true, "thread", thread);

        assertPerRun(asked("/threads/runs", body), 3, 3);
    }

    @Test
    void ofARunOnAThread() {
        var question = List.of(Map.of("role", "user", "content", "Why?"));
        var body = Map.of("assistant_id", assistant, "stream", true, "additional_messages", question);

        assertPerRun(asked("/threads/" + client.newThread() + "/runs", body), 4, 6);
    }

    @Test
    void ofAResponse() {
        var body = Map.of("model", "scripted", "stream", true, "input", "Why?");

        assertPerRun(asked("/responses", body), 2, 2);
    }

    private static List<Transaction> asked(String path, Object body) {
        stream(WARM_UP, path, body);
        database.forget();
        stream(RUNS, path, body);
        return database.transactions().stream()
                .filter(transaction -> !isInBackground(transaction))
                .toList();
    }

    private static void stream(int runs, String path, Object body) {
        for (int i = 0; i < runs; i++) {
            try (var events = client.events(path, body)) {
                assertThat(events.map(TestEvent::data).toList()).last().isEqualTo("[DONE]");
            }
        }
    }

    /** The heartbeat, the sweep for threads that nobody attends to, and what the driver asks on a new connection. */
    private static boolean isInBackground(Transaction transaction) {
        return Stream.of("insert into nodes", "left join nodes", "pg_catalog", "SHOW ")
                .anyMatch(transaction::says);
    }

    private static void assertPerRun(List<Transaction> asked, int transactions, int statements) {
        var groupCommits =
                asked.stream().filter(StatementsPerRunIT::isGroupCommit).toList();
        var others = asked.stream()
                .filter(transaction -> !isGroupCommit(transaction))
                .toList();

        assertThat(perRun(others.size()))
                .as("transactions outside group commits, per run:%n%s", listing(others))
                .isCloseTo(transactions, within(TOLERANCE));
        assertThat(perRun(others.stream()
                        .mapToInt(other -> other.statements().size())
                        .sum()))
                .as("statements outside group commits, per run:%n%s", listing(others))
                .isCloseTo(statements, within(TOLERANCE));
        assertThat(groupCommits)
                .allSatisfy(commit -> assertThat(commit.statements()).hasSize(1));
        assertThat(perRun(groupCommits.size())).as("group commits per run").isLessThanOrEqualTo(MAX_GROUP_COMMITS);
    }

    private static boolean isGroupCommit(Transaction transaction) {
        return transaction.says("append_");
    }

    private static double perRun(long count) {
        return (double) count / RUNS;
    }

    private static String listing(List<Transaction> transactions) {
        return transactions.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(entry -> "%.2f × %s".formatted(perRun(entry.getValue()), shortened(entry.getKey())))
                .collect(Collectors.joining("\n"));
    }

    private static String shortened(Transaction transaction) {
        return transaction.statements().stream()
                .map(statement -> "%.140s".formatted(statement.strip().replaceAll("\\s+", " ")))
                .collect(Collectors.joining("\n       + "));
    }
}
