package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that nobody waits for: polling, cancelling, and readers that come and go. */
@Timeout(120)
class ResponsesBackgroundIT {
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itAnswersAtOnceAndIsPolledToItsEnd(boolean store) {
        var fresh = responses.ask("Later? [[first_delay=300ms]]", "background", true, "store", store);

        var settled = responses.settled(id(fresh));

        assertThat(fresh.get("status").stringValue()).isIn("queued", "in_progress");
        assertThat(fresh.get("background").booleanValue()).isTrue();
        assertThat(fresh.get("output")).isEmpty();
        assertThat(settled.get("status").stringValue()).isEqualTo("completed");
        assertThat(settled.get("store").booleanValue()).isEqualTo(store);
        assertThat(text(settled)).isEqualTo("Answer to: Later?");
        assertThat(responses.get(id(fresh))).isEqualTo(settled);
    }

    @Test
    void itsStreamIsQueuedFirst() {
        try (var stream = responses.stream("In the queue?", "background", true)) {
            var events = stream.all();

            assertThat(events.subList(0, 3))
                    .extracting(event -> event.event() + " "
                            + event.json().at("/response/status").stringValue())
                    .containsExactly(
                            "response.created queued", "response.queued queued", "response.in_progress in_progress");
        }
    }

    @Test
    void aReaderThatLeavesDoesNotStopIt() {
        String response;
        try (var stream = responses.stream("Who listens? [[chunks=20 delay=20ms]]", "background", true)) {
            stream.until("response.output_text.delta");
            response = stream.id();
        }

        assertThat(responses.settled(response).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void inOpenModeAForegroundStreamGoesOnWithoutItsReader() {
        String response;
        try (var stream = responses.stream("Who listens here? [[chunks=20 delay=20ms]]")) {
            stream.until("response.output_text.delta");
            response = stream.id();
        }

        assertThat(responses.settled(response).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void cancellingEndsItOnce() {
        try (var stream = responses.stream("For ever? [[fail=silence@3]]", "background", true)) {
            String response = stream.id();
            stream.until("response.output_text.delta");

            responses.cancel(response);
            var events = stream.allOfCancelled();
            var cancelled = responses.cancel(response);

            assertThat(cancelled.get("status").stringValue()).isEqualTo("cancelled");
            assertThat(responses.cancel(response)).isEqualTo(cancelled);
            assertThat(responses.get(response)).isEqualTo(cancelled);
            assertThat(events.getLast().data()).isEqualTo("[DONE]");
            try (var replay = responses.replay(response)) {
                assertThat(replay.allOfCancelled()).isEqualTo(events);
            }
        }
    }

    @Test
    void cancellingWhatIsCompleteChangesNothing() {
        var completed = responses.settled(id(responses.ask("Too late?", "background", true)));

        assertThat(responses.cancel(id(completed))).isEqualTo(completed);
    }

    @Test
    void manyCancelsAtOnceAgree() {
        try (var stream = responses.stream("Cancelled by many? [[fail=silence@3]]", "background", true)) {
            String response = stream.id();

            var cancels = Stream.generate(() -> CompletableFuture.supplyAsync(() -> responses.cancel(response)))
                    .limit(8)
                    .toList();
            cancels.forEach(CompletableFuture::join);
            stream.allOfCancelled();

            assertThat(responses.get(response).get("status").stringValue()).isEqualTo("cancelled");
        }
    }

    @Test
    void aForegroundResponseIsNotCancelled() {
        var response = responses.ask("Synchronous?");

        var refusal = responses.refusal(responses.post("/responses/" + id(response) + "/cancel", Map.of()));

        assertThat(refusal)
                .isEqualTo(new ResponsesClient.Refusal(
                        400, "invalid_request_error", "", "", "Cannot cancel a synchronous response."));
        assertThat(responses.get(id(response))).isEqualTo(response);
    }

    @Test
    void nothingIsAppendedToAConversationByWhatWasCancelledButItsQuestion() {
        String conversation = responses.newConversation();
        try (var stream =
                responses.stream("Nothing? [[fail=silence@1]]", "background", true, "conversation", conversation)) {
            stream.until("response.in_progress");
            responses.cancel(stream.id());
            stream.allOfCancelled();
        }

        var next = responses.ask("And now?", "conversation", conversation);

        assertThat(next.get("status").stringValue()).isEqualTo("completed");
        assertThat(gateway.model().violations()).isEmpty();
    }

    @Test
    void anyNumberOfReadersSeesTheSame() {
        try (var stream = responses.stream("Many readers? [[chunks=20 delay=10ms]]", "background", true)) {
            String response = stream.id();
            var readers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                        try (var replay = responses.replay(response)) {
                            return replay.all();
                        }
                    }))
                    .limit(8)
                    .toList();
            var events = stream.all();

            assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isEqualTo(events));
        }
    }

    @Test
    void aCursorAtOrBehindTheEndGivesAnEmptyStream() {
        try (var stream = responses.stream("Over?", "background", true)) {
            var events = stream.all();
            String response = stream.id();
            int last = events.size() - 2;

            for (String after : List.of("" + last, "" + (last + 1), "1000000", "9".repeat(30))) {
                var answer = gateway.client()
                        .send(responses.request("/responses/" + response + "?stream=true&starting_after=" + after));
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body().lines().filter(line -> line.startsWith("data: ")))
                        .containsExactly("data: [DONE]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.5", "1x", "0x1", "1e3"})
    void aCursorThatIsNoNumberIsRefused(String cursor) {
        String response = id(responses.ask("Cursor?", "background", true));

        var refusal = responses.refusal(
                responses.request("/responses/" + response + "?stream=true&starting_after=" + cursor));

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.type()).isEqualTo("invalid_request_error");
        assertThat(refusal.param()).isEqualTo("starting_after");
    }

    @Test
    void deletingARunningResponseMakesItUnfindable() {
        String response;
        try (var stream = responses.stream("Deleted while it runs? [[chunks=20 delay=20ms]]", "background", true)) {
            response = stream.id();
            var answer = gateway.client().send(responses.delete("/responses/", response));

            // Undocumented: refusing it and forgetting it are both right, answering anything else is not.
            assertThat(answer.statusCode()).isIn(200, 400);
            if (answer.statusCode() == 200) {
                assertThat(responses
                                .refusal(responses.request("/responses/" + response))
                                .status())
                        .isEqualTo(404);
            }
        }
    }
}
