package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many runs at once on one thread: one order for everybody, and no run sees another's unfinished turn. */
class ConcurrentRunsIT {
    private static final int RUNS = 50;
    private static final int READERS = 10;

    private static TestGateway gateway;
    private static TestClient client;
    private static final ExecutorService CALLERS = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.threads.max-running-runs", RUNS));
        client = gateway.client();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CALLERS.close();
    }

    @Test
    void fiftyRunsAtOnceAreStoredOnceAndInOneOrder() {
        String assistant = client.newAssistant();
        String thread = client.newThread();
        var readers = all(READERS, _ -> () -> untilRunsEnded(thread, RUNS));

        all(RUNS, i -> () -> client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, question(i))))
                .join();
        List<List<TestEvent>> seen = readers.join();

        List<String> admitted = client.list("/threads/" + thread + "/runs", 7).stream()
                .map(TestClient::id)
                .toList();
        assertThat(admitted).hasSize(RUNS).doesNotHaveDuplicates();
        assertThat(seen).allSatisfy(events -> assertThat(events).isEqualTo(seen.getFirst()));
        assertThat(seqs(seen.getFirst()))
                .isEqualTo(
                        IntStream.rangeClosed(1, seen.getFirst().size()).boxed().toList());
        assertTranscript(thread, admitted);
        assertThat(runsInTurnOrder(thread)).isEqualTo(admitted);
        assertThat(prompts(question(0).substring(0, 8)))
                .hasSize(RUNS)
                .allSatisfy(ConcurrentRunsIT::assertNothingUnfinished);
    }

    @Test
    void eachRunAnswersOnlyTheMessagesItAdopted() {
        String assistant = client.newAssistant();
        String thread = client.newThread();
        int runs = 8;

        for (int i = 0; i < runs; i++) {
            client.post(
                    "/threads/" + thread + "/messages", Map.of("role", "user", "content", "Separate part one of " + i));
            client.post("/threads/" + thread + "/messages", Map.of("role", "user", "content", separate(i)));
            client.post("/threads/" + thread + "/runs", Map.of("assistant_id", assistant));
        }
        untilRunsEnded(thread, runs);

        List<String> answers = client.list("/threads/" + thread + "/messages", 100).stream()
                .filter(message -> message.get("role").stringValue().equals("assistant"))
                .map(TestClient::text)
                .toList();
        assertThat(answers).hasSize(runs);
        assertThat(prompts("Separate")).hasSize(runs).allSatisfy(prompt -> {
            List<String> unanswered = unanswered(prompt);
            String number = unanswered.getLast().substring(unanswered.getLast().lastIndexOf(' ') + 1);
            assertThat(unanswered)
                    .hasSize(2)
                    .allSatisfy(text -> assertThat(text).contains(" of " + number));
        });
    }

    private static String question(int i) {
        return "Parallel question of user " + i + "? [[chunks=12 delay=15ms]]";
    }

    private static String separate(int i) {
        return "Separate [[chunks=10 delay=40ms]] part two of " + i;
    }

    private static void assertTranscript(String thread, List<String> admitted) {
        var messages = client.list("/threads/" + thread + "/messages", 9);
        assertThat(messages).hasSize(2 * RUNS);
        for (int i = 0; i < RUNS; i++) {
            var question = messages.get(2 * i);
            var answer = messages.get(2 * i + 1);
            assertThat(question.get("role").stringValue()).isEqualTo("user");
            assertThat(answer.get("run_id").stringValue()).isEqualTo(admitted.get(i));
            assertThat(answer.get("status").stringValue()).isEqualTo("completed");
        }
    }

    /** Every question but the run's own is followed by its answer. */
    private static void assertNothingUnfinished(Prompt prompt) {
        assertThat(unanswered(prompt)).hasSize(1);
    }

    /** The user's messages that no answer follows directly, at the end or in between. */
    private static List<String> unanswered(Prompt prompt) {
        var waiting = new ArrayList<String>();
        for (var message : prompt.messages()) {
            if (message.role().equals("user")) {
                waiting.add(message.text());
            } else {
                waiting.clear();
            }
        }
        var users = prompt.messages().stream()
                .filter(message -> message.role().equals("user"))
                .count();
        var answers = prompt.messages().size() - users;
        // As many answers as answered turns: nothing unanswered hides in the middle.
        assertThat(users - waiting.size()).isEqualTo(answers * waiting.size());
        return waiting;
    }

    private static List<Prompt> prompts(String start) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().startsWith(start))
                .toList();
    }

    private static List<TestEvent> untilRunsEnded(String thread, int runs) {
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events("/threads/" + thread + "/events")) {
            int ended = 0;
            for (var next = stream.iterator(); ended < runs && next.hasNext(); ) {
                TestEvent event = next.next();
                events.add(event);
                ended += event.endsRun() ? 1 : 0;
            }
        }
        return events;
    }

    private static List<Integer> seqs(List<TestEvent> events) {
        return events.stream().map(event -> event.json().get("seq").intValue()).toList();
    }

    private static List<String> runsInTurnOrder(String thread) {
        try (var stream = client.events("/threads/" + thread + "/events?order=turn")) {
            var ended = new ArrayList<String>();
            for (var next = stream.iterator(); ended.size() < RUNS && next.hasNext(); ) {
                TestEvent event = next.next();
                if (event.endsRun()) {
                    ended.add(event.json().get("run_id").stringValue());
                }
            }
            return ended;
        }
    }

    private static <T> CompletableFuture<List<T>> all(int count, java.util.function.IntFunction<Supplier<T>> calls) {
        var futures = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(calls.apply(i), CALLERS))
                .toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(_ -> futures.stream().map(CompletableFuture::join).toList());
    }
}
