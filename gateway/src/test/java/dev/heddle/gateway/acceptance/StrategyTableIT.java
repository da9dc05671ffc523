package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The published table of double texting, cell by cell: every strategy, over every state, by every way in, two at once. */
class StrategyTableIT {
    private static final String SILENT = "A question without an end. [[chunks=5 fail=silence@2]]";
    private static final String CALLING = "What is the weather? [[call=weather({})]]";
    private static final Map<String, Object> WEATHER =
            Map.of("type", "function", "function", Map.of("name", "weather"));

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** Streams that are open to the end of the tests: their clients do not go away. */
    private static final List<Stream<String>> OPEN = Collections.synchronizedList(new ArrayList<>());

    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();
    private static TestGateway gateway;
    private static TestClient client;
    private static String assistant;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
        assistant = id(client.post("/assistants", Map.of("model", "scripted", "tools", List.of(WEATHER))));
    }

    @AfterAll
    static void stop() {
        assertThat(gateway.model().violations()).isEmpty();
        gateway.close();
        CALLERS.close();
    }

    enum Strategy {
        CONCURRENT,
        REJECT,
        ENQUEUE,
        INTERRUPT,
        ROLLBACK;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What stands on the thread before the two requests come. */
    enum State {
        IDLE,
        QUEUED,
        IN_PROGRESS,
        REQUIRES_ACTION,
        CANCELLING
    }

    enum Entry {
        CREATE,
        STREAM
    }

    static Stream<Arguments> cells() {
        return Stream.of(Strategy.values())
                .flatMap(strategy -> Stream.of(State.values())
                        .flatMap(
                                state -> Stream.of(Entry.values()).map(entry -> Arguments.of(strategy, state, entry))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void twoRequestsAtOnceDoAsTheTableSays(Strategy strategy, State state, Entry entry) throws SQLException {
        try (var thread = new PreparedThread(state)) {
            List<Answer> answers = thread.race(strategy, entry);
            thread.letGo();

            switch (strategy) {
                case CONCURRENT -> thread.hasAllBeside(answers);
                case REJECT -> thread.hasRefused(answers);
                case ENQUEUE -> thread.hasAllOneAfterTheOther(answers);
                case INTERRUPT -> thread.hasStoppedTheOthers(answers);
                case ROLLBACK -> thread.hasWithdrawnTheOthers(answers);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunWithItsOwnThreadIsAlwaysAlone(Strategy strategy) {
        var body = Map.of(
                "assistant_id",
                assistant,
                "thread",
                Map.of("messages", List.of(Map.of("role", "user", "content", "Hello?"))),
                "multitask_strategy",
                strategy.word());

        var runs = Stream.of(1, 2)
                .map(_ -> CompletableFuture.supplyAsync(() -> client.post("/threads/runs", body), CALLERS))
                .map(CompletableFuture::join)
                .toList();

        runs.forEach(run -> assertThat(client.endOf(run.get("thread_id").stringValue(), id(run)))
                .isEqualTo("thread.run.completed"));
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsAddedWhateverTheStateUnlessThatIsRefused(State state) throws SQLException {
        try (var thread = new PreparedThread(state)) {
            var allowed = thread.race("messages", Map.of("role", "user", "content", "By the way"));
            var refused =
                    thread.race("messages", Map.of("role", "user", "content", "By the way", "on_active_run", "reject"));

            assertThat(allowed).extracting(HttpResponse::statusCode).containsOnly(200);
            assertThat(refused).extracting(HttpResponse::statusCode).containsOnly(state == State.IDLE ? 200 : 400);
            if (state != State.IDLE) {
                String busy = refused.getFirst().body();
                assertThat(busy).contains("Can't add messages to " + thread.id + " while a run run_");
            }
        }
    }

    @Test
    void theTableHasEveryCell() {
        assertThat(cells()).hasSize(5 * 5 * 2);
    }

    /** The answer to one of the two requests; {@code run} is empty for a refusal. */
    private record Answer(int status, String run, String body) {
        boolean isAdmitted() {
            return status == 200;
        }
    }

    private static final class PreparedThread implements AutoCloseable {
        private final String id = client.newThread();
        private final List<String> earlier = new ArrayList<>();
        private final State state;
        private final Connection appends;

        PreparedThread(State state) throws SQLException {
            this.state = state;
            this.appends = DriverManager.getConnection(
                    gateway.database().jdbcUrl(),
                    gateway.database().user(),
                    gateway.database().password().orElse(""));
            switch (state) {
                case IDLE -> {}
                case QUEUED -> {
                    begin(SILENT, "text.appended");
                    earlier.add(id(client.post(runs(), asking("Queued question?", Strategy.ENQUEUE))));
                }
                case IN_PROGRESS -> begin(SILENT, "text.appended");
                case REQUIRES_ACTION -> begin(CALLING, "run.action_required");
                case CANCELLING -> {
                    begin(SILENT, "text.appended");
                    holdAppends();
                    String run = earlier.getFirst();
                    var cancelled = client.post(runs() + "/" + run + "/cancel", Map.of());
                    assertThat(cancelled.get("status").stringValue()).isEqualTo("cancelling");
                }
            }
        }

        private void begin(String question, String until) {
            earlier.add(id(client.post(runs(), asking(question, Strategy.CONCURRENT))));
            try (var events = client.events("/threads/" + id + "/events")) {
                assertThat(events.anyMatch(event -> event.event().equals(until)))
                        .isTrue();
            }
        }

        /** Nothing is appended to any log until it is let go: so the stop is asked for and not yet true. */
        private void holdAppends() throws SQLException {
            appends.setAutoCommit(false);
            try (var statement = appends.createStatement()) {
                statement.execute("lock table event_log in exclusive mode");
            }
        }

        void letGo() throws SQLException {
            if (!appends.getAutoCommit()) {
                appends.commit();
                appends.setAutoCommit(true);
            }
        }

        List<Answer> race(Strategy strategy, Entry entry) {
            var first = CompletableFuture.supplyAsync(() -> ask("First new question?", strategy, entry), CALLERS);
            var second = CompletableFuture.supplyAsync(() -> ask("Second new question?", strategy, entry), CALLERS);
            return List.of(first.join(), second.join());
        }

        List<HttpResponse<String>> race(String path, Map<String, Object> body) {
            return Stream.of(1, 2)
                    .map(_ -> CompletableFuture.supplyAsync(() -> post("/threads/" + id + "/" + path, body), CALLERS))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }

        private Answer ask(String question, Strategy strategy, Entry entry) {
            var body = new HashMap<String, Object>(asking(question, strategy));
            if (entry == Entry.CREATE) {
                var response = post(runs(), body);
                String run = response.statusCode() == 200 ? id(TestClient.JSON.readTree(response.body())) : "";
                return new Answer(response.statusCode(), run, response.body());
            }
            body.put("stream", true);
            return firstFrame(body);
        }

        /** A stream shows its first frame once that is stored, so it is named by the run's place in the list until then. */
        private Answer firstFrame(Map<String, Object> body) {
            var before = runIds();
            var request =
                    client.request(runs()).POST(BodyPublishers.ofString(TestClient.JSON.writeValueAsString(body)));
            try {
                var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines());
                if (response.statusCode() != 200) {
                    return new Answer(
                            response.statusCode(),
                            "",
                            String.join("", response.body().toList()));
                }
                OPEN.add(response.body());
                return new Answer(200, newRun(before, (String) question(body)), "");
            } catch (IOException | InterruptedException error) {
                throw new IllegalStateException(error);
            }
        }

        private static Object question(Map<String, Object> body) {
            return ((Map<?, ?>) ((List<?>) body.get("additional_messages")).getFirst()).get("content");
        }

        private String newRun(List<String> before, String question) {
            var metadata = client.list(runs(), 100).stream()
                    .filter(run -> !before.contains(id(run)))
                    .filter(run -> run.at("/metadata/question").asString("").equals(question))
                    .map(TestClient::id)
                    .toList();
            return metadata.isEmpty() ? "" : metadata.getFirst();
        }

        private List<String> runIds() {
            return client.list(runs(), 100).stream().map(TestClient::id).toList();
        }

        private String runs() {
            return "/threads/" + id + "/runs";
        }

        private String status(String run) {
            return client.get(runs() + "/" + run).get("status").stringValue();
        }

        private int lookup(String run) {
            return client.send(client.request(runs() + "/" + run).GET()).statusCode();
        }

        /** Earlier runs go on; both new ones work beside them and end first. */
        void hasAllBeside(List<Answer> answers) {
            assertThat(answers).allMatch(Answer::isAdmitted);
            answers.forEach(answer -> assertThat(client.endOf(id, answer.run())).isEqualTo("thread.run.completed"));
            earlierAreUntouched();
            endEarlier();
            assertThat(questions()).containsAll(List.of("First new question?", "Second new question?"));
        }

        void hasRefused(List<Answer> answers) {
            var admitted = answers.stream().filter(Answer::isAdmitted).toList();
            assertThat(admitted).hasSize(state == State.IDLE ? 1 : 0);
            answers.stream()
                    .filter(answer -> !answer.isAdmitted())
                    .forEach(answer ->
                            assertThat(answer.body()).contains("Thread " + id + " already has an active run run_"));
            assertThat(answers)
                    .extracting(Answer::status)
                    .containsOnly(state == State.IDLE ? new Integer[] {200, 400} : new Integer[] {400});
            assertThat(questions())
                    .filteredOn(question -> question.contains("new question"))
                    .hasSize(admitted.size());
            earlierAreUntouched();
            endEarlier();
        }

        void hasAllOneAfterTheOther(List<Answer> answers) {
            assertThat(answers).allMatch(Answer::isAdmitted);
            if (state != State.IDLE && state != State.CANCELLING) {
                probe();
                answers.forEach(answer -> assertThat(status(answer.run())).isEqualTo("queued"));
                earlierAreUntouched();
            }
            endEarlier();
            var inOrder = runIds().stream()
                    .filter(run ->
                            answers.stream().anyMatch(answer -> answer.run().equals(run)))
                    .toList();
            inOrder.forEach(run -> assertThat(client.endOf(id, run)).isEqualTo("thread.run.completed"));
            var log = log();
            assertThat(seqOf(log, "run.completed", inOrder.get(0)))
                    .isLessThan(seqOf(log, "run.started", inOrder.get(1)));
        }

        void hasStoppedTheOthers(List<Answer> answers) {
            assertThat(answers).allMatch(Answer::isAdmitted);
            var runs = runIds();
            var last = runs.getLast();
            assertThat(answers).extracting(Answer::run).contains(last);
            assertThat(client.endOf(id, last)).isEqualTo("thread.run.completed");
            runs.subList(0, runs.size() - 1)
                    .forEach(run -> assertThat(status(run)).isIn("cancelled", "completed"));
            earlier.forEach(run -> assertThat(status(run)).isEqualTo("cancelled"));
            assertThat(questions()).hasSize(runs.size());
        }

        void hasWithdrawnTheOthers(List<Answer> answers) {
            assertThat(answers).allMatch(Answer::isAdmitted);
            var left = answers.stream()
                    .map(Answer::run)
                    .filter(run -> !run.isEmpty() && lookup(run) == 200)
                    .toList();
            var last = runIds().getLast();
            assertThat(left).contains(last);
            assertThat(client.endOf(id, last)).isEqualTo("thread.run.completed");
            earlier.forEach(run -> assertThat(lookup(run)).isEqualTo(404));
            assertThat(runIds()).isEqualTo(left);
            assertThat(questions()).hasSize(left.size());
        }

        private void earlierAreUntouched() {
            List<String> expected = switch (state) {
                case IDLE -> List.of();
                case QUEUED -> List.of("in_progress", "queued");
                case IN_PROGRESS -> List.of("in_progress");
                case REQUIRES_ACTION -> List.of("requires_action");
                case CANCELLING -> List.of("cancelled");
            };
            if (state == State.CANCELLING) {
                assertThat(client.endOf(id, earlier.getFirst())).isEqualTo("thread.run.cancelled");
            }
            assertThat(earlier.stream().map(this::status)).isEqualTo(expected);
        }

        /** Something went all the way meanwhile: what has not happened by now does not happen by itself. */
        private void probe() {
            String run = id(client.post(runs(), asking("Probe?", Strategy.CONCURRENT)));
            assertThat(client.endOf(id, run)).isEqualTo("thread.run.completed");
        }

        private void endEarlier() {
            earlier.reversed().stream() // The waiting one first: it would begin.
                    .filter(run -> !List.of("cancelled", "cancelling").contains(status(run)))
                    .forEach(run -> client.post(runs() + "/" + run + "/cancel", Map.of()));
            earlier.forEach(run -> assertThat(client.endOf(id, run)).isEqualTo("thread.run.cancelled"));
        }

        private List<String> questions() {
            return client.list("/threads/" + id + "/messages", 100).stream()
                    .filter(message -> message.get("role").stringValue().equals("user"))
                    .map(TestClient::text)
                    .toList();
        }

        private List<TestEvent> log() {
            long ended = runIds().size();
            var events = new ArrayList<TestEvent>();
            try (var stream = client.events("/threads/" + id + "/events")) {
                for (var next = stream.iterator(); ended > 0 && next.hasNext(); ) {
                    events.add(next.next());
                    ended -= events.getLast().endsRun() ? 1 : 0;
                }
            }
            return events;
        }

        private static int seqOf(List<TestEvent> log, String event, String run) {
            return log.stream()
                    .filter(logged -> logged.event().equals(event))
                    .map(TestEvent::json)
                    .filter(json -> json.get("run_id").stringValue().equals(run))
                    .findFirst()
                    .orElseThrow()
                    .get("seq")
                    .intValue();
        }

        @Override
        public void close() throws SQLException {
            appends.close();
        }
    }

    private static Map<String, Object> asking(String question, Strategy strategy) {
        return Map.of(
                "assistant_id",
                assistant,
                "additional_messages",
                List.of(Map.of("role", "user", "content", question)),
                "metadata",
                Map.of("question", question.substring(0, Math.min(60, question.length()))),
                "multitask_strategy",
                strategy.word());
    }

    private static HttpResponse<String> post(String path, Map<String, Object> body) {
        return client.send(
                client.request(path).POST(BodyPublishers.ofString(TestClient.JSON.writeValueAsString(body))));
    }
}
