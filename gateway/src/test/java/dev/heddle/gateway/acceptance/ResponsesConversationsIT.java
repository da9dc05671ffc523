package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.function;
import static dev.heddle.gateway.testing.ResponsesClient.message;
import static dev.heddle.gateway.testing.ResponsesClient.textOf;
import static dev.heddle.gateway.testing.TestClient.JSON;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Conversations: their items, and responses that go on in them. */
@Timeout(120)
class ResponsesConversationsIT {
    private static TestGateway gateway;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aConversationLives() {
        var created = responses.createConversation(Map.of("metadata", Map.of("a", "1")));
        String conversation = id(created);

        assertThat(conversation).startsWith("conv_");
        assertThat(created.get("metadata")).isEqualTo(JSON.valueToTree(Map.of("a", "1")));
        assertThat(responses.conversation(conversation)).isEqualTo(created);
        var updated = responses.update(conversation, Map.of("metadata", Map.of("b", "2")));
        assertThat(updated.get("metadata")).isEqualTo(JSON.valueToTree(Map.of("b", "2")));
        assertThat(responses.deleteConversation(conversation))
                .isEqualTo(JSON.valueToTree(
                        Map.of("id", conversation, "object", "conversation.deleted", "deleted", true)));
        for (var request : List.of(
                responses.request("/conversations/" + conversation),
                responses.request("/conversations/" + conversation + "/items"),
                responses.delete("/conversations/", conversation))) {
            assertThat(responses.refusal(request).status()).isEqualTo(404);
        }
    }

    @Test
    void anEmptyBodyIsEnough() {
        var created = responses.createConversation(Map.of());

        assertThat(created.get("metadata")).isEqualTo(JSON.createObjectNode());
        var items = responses.items(id(created), "");
        assertThat(items.get("data")).isEmpty();
        assertThat(items.get("first_id").stringValue()).isEmpty();
        assertThat(items.get("last_id").stringValue()).isEmpty();
    }

    @Test
    void itBeginsWithItsItemsAndTakesMore() {
        String conversation = responses.newConversation(message("system", "Be brief."), message("user", "One?"));

        var added = responses.add(conversation, message("assistant", "Two."), message("user", "Three?"));

        assertThat(texts(added)).containsExactly("Two.", "Three?");
        assertThat(responses.transcript(conversation, 3))
                .extracting(ResponsesClient::textOf)
                .containsExactly("Be brief.", "One?", "Two.", "Three?");
        assertThat(texts(responses.items(conversation, ""))).containsExactly("Three?", "Two.", "One?", "Be brief.");
        var only = responses.item(conversation, id(added.at("/data/0")));
        assertThat(only).isEqualTo(added.at("/data/0"));
    }

    @Test
    void atMostTwentyItemsAreTakenAtOnce() {
        var twenty = Collections.nCopies(20, (Object) message("user", "Again."));
        var more = Collections.nCopies(21, (Object) message("user", "Again."));
        String conversation = responses.newConversation(twenty.toArray());

        assertThat(responses
                        .refusal(responses.post("/conversations", Map.of("items", more)))
                        .param())
                .startsWith("items");
        String path = "/conversations/" + conversation + "/items";
        assertThat(responses
                        .refusal(responses.post(path, Map.of("items", more)))
                        .status())
                .isEqualTo(400);
        assertThat(responses
                        .refusal(responses.post(path, Map.of("items", List.of())))
                        .status())
                .isEqualTo(400);
        assertThat(responses.refusal(responses.post(path, Map.of())).status()).isEqualTo(400);
        assertThat(responses.transcript(conversation, 100)).hasSize(20);
    }

    @Test
    void anUpdateNeedsMetadata() {
        String conversation = responses.newConversation();

        assertThat(responses
                        .refusal(responses.post("/conversations/" + conversation, Map.of()))
                        .param())
                .isEqualTo("metadata");
    }

    @Test
    void aDeletedItemIsGoneAndTheConversationIsTheAnswer() {
        String conversation = responses.newConversation(message("user", "Stay."), message("user", "Go."));
        String item = responses.items(conversation, "?limit=1").at("/data/0/id").stringValue();

        var answer = responses.deleteItem(conversation, item);

        assertThat(answer).isEqualTo(responses.conversation(conversation));
        assertThat(texts(responses.items(conversation, ""))).containsExactly("Stay.");
        String path = "/conversations/" + conversation + "/items/" + item;
        assertThat(responses.refusal(responses.request(path)).status()).isEqualTo(404);
        responses.ask("Who is here?", "conversation", conversation);
        assertThat(context("Who is here?")).containsExactly("Stay.", "Who is here?");
    }

    @Test
    void aResponseGoesOnInIt() {
        String conversation = responses.newConversation(message("user", "Before."));

        var response = responses.ask(List.of(message("user", "Now?")), "conversation", conversation);
        responses.ask("And now?", "conversation", Map.of("id", conversation));

        assertThat(response.get("conversation")).isEqualTo(JSON.valueToTree(Map.of("id", conversation)));
        assertThat(response.get("previous_response_id").isNull()).isTrue();
        var items = responses.transcript(conversation, 2);
        assertThat(items)
                .extracting(ResponsesClient::textOf)
                .containsExactly("Before.", "Now?", "Answer to: Now?", "And now?", "Answer to: And now?");
        assertThat(items.get(2)).isEqualTo(response.at("/output/0"));
        assertThat(context("And now?")).containsExactly("Before.", "Now?", "Answer to: Now?", "And now?");
    }

    @Test
    void itsItemsAreInputWithoutAnyOtherInput() {
        String conversation = responses.newConversation(message("user", "Waiting question?"));

        var response = responses.create(Map.of("model", "scripted", "conversation", conversation));

        assertThat(ResponsesClient.text(response)).isEqualTo("Answer to: Waiting question?");
    }

    @Test
    void aPartialAnswerIsKept() {
        String conversation = responses.newConversation();

        responses.ask("How long? [[chunks=3 finish_reason=length]]", "conversation", conversation);

        var items = responses.transcript(conversation, 10);
        assertThat(items).hasSize(2);
        assertThat(items.get(1).get("status").stringValue()).isEqualTo("incomplete");
        assertThat(textOf(items.get(1))).isEqualTo("Answer to: How");
    }

    @Test
    void aResponseThatIsNotStoredStillWritesIntoIt() {
        String conversation = responses.newConversation();

        responses.ask("Unlisted?", "conversation", conversation, "store", false);

        assertThat(responses.transcript(conversation, 10))
                .extracting(ResponsesClient::textOf)
                .containsExactly("Unlisted?", "Answer to: Unlisted?");
    }

    @Test
    void aDeletedResponseLeavesItsItemsThere() {
        String conversation = responses.newConversation();
        String response = id(responses.ask("Keep this?", "conversation", conversation));

        responses.delete(response);

        assertThat(responses.transcript(conversation, 10)).hasSize(2);
    }

    @Test
    void severalResponsesAtOnceAreTakenAndNoneSeesTheOthersQuestion() {
        String conversation = responses.newConversation();
        responses.ask("Before?", "conversation", conversation);
        try (var first = responses.stream(
                "First of two? [[fail=silence@2]]", "background", true, "conversation", conversation)) {
            first.until("response.output_text.delta");

            var second = responses.ask("Second of two?", "conversation", conversation);
            var added = responses.add(conversation, message("user", "Added."));

            assertThat(second.get("status").stringValue()).isEqualTo("completed");
            assertThat(context("Second of two?")).containsExactly("Before?", "Answer to: Before?", "Second of two?");
            assertThat(added.get("data")).hasSize(1);
            responses.cancel(first.id());
            first.allOfCancelled();
        }
        assertThat(responses.transcript(conversation, 10))
                .extracting(ResponsesClient::textOf)
                .containsSubsequence("Before?", "Second of two?", "Answer to: Second of two?", "Added.");
    }

    @Test
    void callsAndTheirOutputsAreItemsToo() {
        String conversation = responses.newConversation();
        var called = responses.ask(
                "Weather? [[call=weather({})]]", "conversation", conversation, "tools", List.of(function("weather")));
        var call = ResponsesClient.calls(called).getFirst();

        responses.ask(
                List.of(ResponsesClient.output(call, "sun")),
                "conversation",
                conversation,
                "tools",
                List.of(function("weather")));

        var items = responses.transcript(conversation, 10);
        assertThat(items)
                .extracting(item -> item.get("type").stringValue())
                .containsExactly("message", "function_call", "function_call_output", "message");
        assertThat(items.get(1)).isEqualTo(call);
        assertThat(items.get(2).get("call_id")).isEqualTo(call.get("call_id"));
        assertThat(items.get(2).get("output").stringValue()).isEqualTo("sun");
        assertThat(textOf(items.get(3))).isEqualTo("Outputs: weather=sun");
    }

    @Test
    void theSameThreadIsReadAndContinuedAsOneOfAssistants() {
        String conversation = responses.newConversation();
        responses.ask("By a response?", "conversation", conversation);
        String thread = conversation.replace("conv_", "thread_");
        var client = gateway.client();

        String run =
                id(client.post("/threads/" + thread + "/runs", TestClient.asking(client.newAssistant(), "By a run?")));

        assertThat(client.endOf(thread, run)).isEqualTo("thread.run.completed");
        var expected =
                new String[] {"By a response?", "Answer to: By a response?", "By a run?", "Answer to: By a run?"};
        assertThat(client.list("/threads/" + thread + "/messages", 3))
                .extracting(TestClient::text)
                .containsExactly(expected);
        assertThat(responses.transcript(conversation, 3))
                .extracting(ResponsesClient::textOf)
                .containsExactly(expected);
        assertThat(context("By a run?")).containsExactly("By a response?", "Answer to: By a response?", "By a run?");
    }

    @Test
    void aThreadOfAssistantsIsAConversation() {
        String thread = gateway.client().newThread();
        String conversation = thread.replace("thread_", "conv_");

        responses.ask("On a thread?", "conversation", conversation);

        assertThat(id(responses.conversation(conversation))).isEqualTo(conversation);
        assertThat(gateway.client().list("/threads/" + thread + "/messages", 10))
                .hasSize(2);
    }

    @Test
    void aConversationGoesByTheIdOfItsThreadToo() {
        String thread = gateway.client().newThread();
        String conversation = thread.replace("thread_", "conv_");

        var response = responses.ask("On a thread?", "conversation", thread);

        assertThat(id(response.get("conversation"))).isEqualTo(conversation);
        assertThat(id(responses.conversation(thread))).isEqualTo(conversation);
        assertThat(responses.transcript(thread, 10))
                .isEqualTo(responses.transcript(conversation, 10))
                .hasSize(2);
    }

    @Test
    void aResponseWithoutAConversationMakesNone() {
        var response = responses.ask("Homeless?");

        assertThat(response.get("conversation").isNull()).isTrue();
        assertThat(responses
                        .refusal(asking("Hm?", "conversation", id(response)))
                        .status())
                .isIn(400, 404);
    }

    private static List<String> texts(JsonNode list) {
        return list.get("data")
                .valueStream()
                .map(item -> String.valueOf(textOf(item)))
                .toList();
    }

    private static List<String> context(String question) {
        return gateway.model().prompts().stream()
                .filter(prompt -> prompt.question().equals(question))
                .reduce((_, later) -> later)
                .orElseThrow()
                .messages()
                .stream()
                .map(Prompt.Message::text)
                .toList();
    }
}
