package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.asking;
import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.ResponsesClient.textOf;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Prompt;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.ResponsesClient.Refusal;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Responses that go on from an earlier one: chains and forks. */
@Timeout(120)
class ResponsesChainsIT {
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
    void aChainSeesAllThatCameBefore() {
        String first = id(responses.ask("Chain one?"));
        String second = id(goOn(first, "Chain two?"));

        var third = goOn(second, "Chain three?");

        assertThat(third.get("previous_response_id").stringValue()).isEqualTo(second);
        assertThat(context("Chain three?"))
                .containsExactly(
                        "Chain one?", "Answer to: Chain one?", "Chain two?", "Answer to: Chain two?", "Chain three?");
    }

    @Test
    void instructionsAreNotInherited() {
        String first = id(responses.ask("Who are you?", "instructions", "You are a pirate."));

        goOn(first, "And now, who?");
        responses.ask("And then, who?", "previous_response_id", first, "instructions", "You are a poet.");

        assertThat(context("And now, who?")).doesNotContain("You are a pirate.").contains("Who are you?");
        assertThat(context("And then, who?")).startsWith("You are a poet.").doesNotContain("You are a pirate.");
    }

    @Test
    void forksNeverSeeEachOther() {
        String root = id(responses.ask("Root?"));
        String left = id(goOn(root, "Left?"));
        String right = id(goOn(root, "Right?"));

        goOn(left, "Further left?");
        goOn(right, "Further right?");
        goOn(root, "Middle?");

        assertThat(context("Further left?"))
                .containsExactly("Root?", "Answer to: Root?", "Left?", "Answer to: Left?", "Further left?");
        assertThat(context("Further right?"))
                .containsExactly("Root?", "Answer to: Root?", "Right?", "Answer to: Right?", "Further right?");
        assertThat(context("Middle?")).containsExactly("Root?", "Answer to: Root?", "Middle?");
    }

    @Test
    void manyForksAtOnceNeverSeeEachOther() {
        String root = id(responses.ask("Busy root?"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var forks = IntStream.range(0, 10)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> goOn(root, "Fork " + i + "?"), callers))
                    .toList();
            forks.forEach(CompletableFuture::join);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(context("Fork " + i + "?"))
                    .containsExactly("Busy root?", "Answer to: Busy root?", "Fork " + i + "?");
        }
    }

    @Test
    void aForkOfAForkSeesItsOwnAncestors() {
        String root = id(responses.ask("Deep root?"));
        goOn(root, "Sibling?");
        String chain = root;
        var expected = new ArrayList<>(List.of("Deep root?", "Answer to: Deep root?"));
        for (int depth = 0; depth < 5; depth++) {
            String parent = chain;
            chain = id(goOn(parent, "Depth " + depth + "?"));
            goOn(parent, "Aside " + depth + "?");
            expected.addAll(List.of("Depth " + depth + "?", "Answer to: Depth " + depth + "?"));
        }

        goOn(chain, "How deep?");

        expected.add("How deep?");
        assertThat(context("How deep?")).isEqualTo(expected);
    }

    @Test
    void itsInputItemsContainItsOwn() {
        String root = id(responses.ask("Inherited?"));

        String next = id(goOn(root, "Own?"));

        var newest = responses.inputItems(next, "").get("data");
        assertThat(textOf(newest.get(0))).isEqualTo("Own?");
        assertThat(responses.inputItems(next, "").get("data")).isEqualTo(newest);
    }

    @Test
    void whatWasNotStoredOrIsDeletedOrUnknownIsNoParent() {
        String unstored = id(responses.ask("Not stored?", "store", false));
        String deleted = id(responses.ask("Deleted?"));
        responses.delete(deleted);

        for (String parent : List.of(unstored, deleted, "resp_000000000000000000000000", "resp_x")) {
            var refusal = responses.refusal(asking("Hm?", "previous_response_id", parent));

            assertThat(refusal)
                    .extracting(Refusal::status, Refusal::type, Refusal::code, Refusal::param)
                    .containsExactly(
                            400, "invalid_request_error", "previous_response_not_found", "previous_response_id");
            assertThat(refusal.message()).contains(parent);
        }
    }

    @Test
    void aParentThatStillRunsIsRefused() {
        try (var running = responses.stream("For ever? [[fail=silence@1]]", "background", true)) {
            running.until("response.output_text.delta");

            var refusal = responses.refusal(asking("Already?", "previous_response_id", running.id()));

            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.type()).isEqualTo("invalid_request_error");
            assertThat(refusal.param()).isEqualTo("previous_response_id");
            responses.cancel(running.id());
        }
    }

    @Test
    void aChildOutlivesItsParent() {
        String parent = id(responses.ask("Parent?"));
        String child = id(goOn(parent, "Child?"));

        responses.delete(parent);
        goOn(child, "Grandchild?");

        assertThat(context("Grandchild?")).contains("Parent?", "Child?");
    }

    @Test
    void aResponseOfAConversationMayBeAParentAndTheConversationDoesNotNotice() {
        String conversation = responses.newConversation();
        String root = id(responses.ask("In the conversation?", "conversation", conversation));

        var outside = goOn(root, "Outside of it?");

        assertThat(outside.get("conversation").isNull()).isTrue();
        assertThat(context("Outside of it?"))
                .containsExactly("In the conversation?", "Answer to: In the conversation?", "Outside of it?");
        assertThat(responses.transcript(conversation, 10)).hasSize(2);
    }

    @Test
    void aChainThatIsNotStoredLeavesItsParentAlone() {
        String root = id(responses.ask("Stored root?"));

        var unstored = responses.ask("Unstored?", "previous_response_id", root, "store", false);
        goOn(root, "Stored again?");

        assertThat(text(unstored)).isEqualTo("Answer to: Unstored?");
        assertThat(context("Stored again?"))
                .containsExactly("Stored root?", "Answer to: Stored root?", "Stored again?");
    }

    @Test
    void aFailedParentIsFinalToo() {
        String failed = id(responses.ask("Shall I fail? [[chunks=4 fail=reset@2]]"));

        var next = goOn(failed, "And behind a failure?");

        assertThat(next.get("status").stringValue()).isEqualTo("completed");
        assertThat(context("And behind a failure?").getFirst()).startsWith("Shall I fail?");
    }

    private static JsonNode goOn(String parent, String question) {
        return responses.ask(question, "previous_response_id", parent);
    }

    /** What the model was told when it was asked this. */
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
