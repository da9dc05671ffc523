package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Twenty responses at once on one conversation: one order, nothing lost, and no model told of an unfinished turn. */
@Timeout(120)
class ResponsesTogetherIT {
    private static final int RESPONSES = 20;
    private static final String ANSWER = "Answer to: ";

    private static TestGateway gateway;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.threads.max-running-runs", RESPONSES));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void allCompleteInOrderOfAdmissionAndEachSeesWhatTheRuleSays() {
        String conversation = responses.newConversation();

        var all = atOnce(conversation, false);

        assertThat(all)
                .extracting(response -> response.get("status").stringValue())
                .containsOnly("completed");
        var items = responses.transcript(conversation, 7);
        assertThat(items).hasSize(2 * RESPONSES);
        assertPaired(items, all);
        var log = Log.of(conversation);
        assertThat(questionsOf(items)).isEqualTo(log.inTurns());
        assertContexts(log, all);
    }

    @Test
    void streamsAtOnceAreEachWhole() {
        String conversation = responses.newConversation();

        var all = atOnce(conversation, true);

        assertPaired(responses.transcript(conversation, 9), all);
    }

    private static List<JsonNode> atOnce(String conversation, boolean stream) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, RESPONSES)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(conversation, i, stream), callers))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    /** Some begin late and some are slow, so that they end in another order than they began. */
    private static JsonNode ask(String conversation, int i, boolean stream) {
        String question = question(conversation, i) + " [[delay=" + (1 + i * 7 % 5) * 8 + "ms]]";
        if (!stream) {
            return responses.ask(question, "conversation", conversation);
        }
        try (var events = responses.stream(question, "conversation", conversation)) {
            return events.response();
        }
    }

    private static String question(String conversation, int i) {
        return "Question " + i + " of all in " + conversation + "?";
    }

    /** Every question is followed by its own answer, with the item that its response showed. */
    private static void assertPaired(List<JsonNode> items, List<JsonNode> all) {
        var answers = new HashMap<String, JsonNode>();
        all.forEach(response -> answers.put(ResponsesClient.text(response), response.at("/output/0")));
        for (int i = 0; i < items.size(); i += 2) {
            String question = plain(ResponsesClient.textOf(items.get(i)));
            assertThat(items.get(i + 1)).as(question).isEqualTo(answers.get(ANSWER + question));
        }
        assertThat(questionsOf(items)).hasSize(RESPONSES).doesNotHaveDuplicates();
    }

    private static List<String> questionsOf(List<JsonNode> items) {
        return items.stream()
                .filter(item -> item.get("role").stringValue().equals("user"))
                .map(item -> plain(ResponsesClient.textOf(item)))
                .toList();
    }

    /** Each context is whole pairs of earlier turns that had ended when the response began, then its question alone. */
    private static void assertContexts(Log log, List<JsonNode> all) {
        for (JsonNode response : all) {
            String own = ResponsesClient.text(response).substring(ANSWER.length());
            var expected = new ArrayList<String>();
            log.inTurns().stream()
                    .filter(question -> log.settledBefore().get(id(response)).contains(question))
                    .forEach(question -> expected.addAll(List.of(question, ANSWER + question)));
            expected.add(own);
            assertThat(context(own)).as(own).isEqualTo(expected);
        }
    }

    /**
     * What the thread's log tells.
     *
     * @param inTurns the questions in the order in which they were admitted
     * @param settledBefore for every response the questions that had been answered when it began
     */
    private record Log(List<String> inTurns, Map<String, List<String>> settledBefore) {
        static Log of(String conversation) {
            var turns = new TreeMap<Long, String>();
            var before = new HashMap<String, List<String>>();
            var ended = new ArrayList<String>();
            String path = "/threads/" + conversation.replace("conv_", "thread_") + "/events";
            try (var events = gateway.client().events(path)) {
                for (var next = events.iterator(); ended.size() < RESPONSES; ) {
                    TestEvent event = next.next();
                    String response = event.json().path("run_id").asString("").replace("run_", "resp_");
                    if (event.event().equals("run.admitted")) {
                        turns.put(event.json().get("turn").longValue(), questionOf(response));
                    } else if (event.event().equals("run.started")) {
                        before.put(response, List.copyOf(ended));
                    } else if (event.endsRun()) {
                        ended.add(questionOf(response));
                    }
                }
            }
            return new Log(List.copyOf(turns.values()), before);
        }

        private static String questionOf(String response) {
            return plain(
                    ResponsesClient.textOf(responses.inputItems(response, "").at("/data/0")));
        }
    }

    private static List<String> context(String question) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().startsWith(question))
                .reduce((_, later) -> later)
                .orElseThrow()
                .messages()
                .stream()
                .map(Prompt.Message::text)
                .map(ResponsesTogetherIT::plain)
                .toList();
    }

    /** Without directives. */
    private static String plain(String text) {
        return text.replaceAll(" \\[\\[.*?]]", "");
    }
}
