package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream tells, event by event. */
@Timeout(120)
class ResponsesStreamsIT {
    private static TestGateway gateway;
    private static ResponsesClient responses;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(Map.of("heddle.http.heartbeat", "100ms"));
        responses = new ResponsesClient(gateway.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aTextIsToldWordByWord() {
        try (var stream = responses.stream("Word by word? [[delay=20ms]]")) {
            var events = stream.all();

            assertThat(names(events))
                    .containsExactly(
                            "response.created",
                            "response.in_progress",
                            "response.output_item.added",
                            "response.content_part.added",
                            "response.output_text.delta",
                            "response.output_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.completed",
                            "");
            assertThat(deltas(events)).hasSizeGreaterThan(1);
            assertThat(String.join("", deltas(events))).isEqualTo("Answer to: Word by word?");
        }
    }

    @Test
    void whatAStreamEndedWithIsWhatIsStored() {
        try (var stream = responses.stream("Is it kept?", "metadata", Map.of("a", "b"))) {
            var response = stream.response();

            assertThat(responses.get(stream.id())).isEqualTo(response);
            assertThat(text(response)).isEqualTo("Answer to: Is it kept?");
        }
    }

    @Test
    void anIncompleteAnswerClosesItsPartAndItsItem() {
        try (var stream = responses.stream("How long? [[chunks=3 finish_reason=length]]")) {
            var events = stream.all();

            assertThat(names(events)
                            .subList(names(events).size() - 5, names(events).size()))
                    .containsExactly(
                            "response.output_text.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "response.incomplete",
                            "");
            assertThat(stream.response().at("/incomplete_details/reason").stringValue())
                    .isEqualTo("max_output_tokens");
        }
    }

    @Test
    void whatAModelTellsOfItsReasoningIsASummaryInFrontOfItsAnswer() {
        try (var stream = responses.stream(
                "Why? [[reasoning=\"Let me think.\" text=Because.]]", "reasoning", Map.of("summary", "auto"))) {
            var events = stream.all();

            assertThat(names(events).subList(2, 8))
                    .containsExactly(
                            "response.output_item.added",
                            "response.reasoning_summary_part.added",
                            "response.reasoning_summary_text.delta",
                            "response.reasoning_summary_text.done",
                            "response.reasoning_summary_part.done",
                            "response.output_item.done");
            var reasoning = stream.response().at("/output/0");
            assertThat(reasoning.at("/summary/0/text").stringValue()).isEqualTo("Let me think.");
            assertThat(text(stream.response())).isEqualTo("Because.");
            assertThat(stream.response()
                            .at("/usage/output_tokens_details/reasoning_tokens")
                            .intValue())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset@4", "end@4", "error@4", "malformed@4", "status@500", "hang-up"})
    void aModelThatFailsEndsTheStreamWithAFailedResponse(String failure) {
        try (var stream = responses.stream("Will you last? [[chunks=9 fail=" + failure + "]]")) {
            var response = stream.response();

            assertThat(response.get("status").stringValue()).isEqualTo("failed");
            assertThat(response.at("/error/code").stringValue()).isEqualTo("server_error");
            assertThat(responses.get(stream.id())).isEqualTo(response);
        }
    }

    @Test
    void aModelThatHasTooMuchToDoSaysSo() {
        try (var stream = responses.stream("Busy? [[fail=status@429]]")) {
            assertThat(stream.response().at("/error/code").stringValue()).isEqualTo("rate_limit_exceeded");
        }
    }

    @Test
    void aQuietStreamShowsThatItIsAlive() {
        var request = responses.request("/responses/" + backgroundResponse() + "?stream=true");

        try (Stream<String> lines = gateway.client().open(request).body()) {
            // Comments behind the first delta, which the model never goes on from.
            var behind = lines.dropWhile(line -> !line.startsWith("event: response.output_text.delta"))
                    .filter(line -> line.startsWith(":"))
                    .limit(2);
            assertThat(behind).hasSize(2);
        }
    }

    @Test
    void obfuscationIsLeftOutWhereItIsNotWanted() {
        try (var stream = responses.stream("Plain?", "stream_options", Map.of("include_obfuscation", false))) {
            assertThat(stream.all()).noneMatch(event -> event.data().contains("\"obfuscation\""));
        }
    }

    @Test
    void manyStreamsAtOnceNeverMix() {
        String conversation = responses.newConversation();
        var streams = Stream.of("One?", "Two?", "Three?", "Four?")
                .map(question -> responses.stream(
                        question + " [[chunks=30 delay=5ms]]", "conversation", conversation, "background", true))
                .toList();

        var ids = streams.stream().map(stream -> stream.id()).collect(Collectors.toSet());

        assertThat(ids).hasSize(4);
        streams.forEach(stream -> {
            try (stream) {
                assertThat(stream.response().get("status").stringValue()).isEqualTo("completed");
            }
        });
        assertThat(responses.transcript(conversation, 3)).hasSize(8);
    }

    private static String backgroundResponse() {
        try (var stream = responses.stream("Quiet? [[fail=silence@1]]", "background", true)) {
            stream.until("response.output_text.delta");
            return stream.id();
        }
    }

    /** Repeated ones once. */
    private static List<String> names(List<TestEvent> events) {
        return Stream.iterate(0, i -> i < events.size(), i -> i + 1)
                .filter(i -> i == 0
                        || !events.get(i).event().equals(events.get(i - 1).event()))
                .map(i -> events.get(i).event())
                .toList();
    }

    private static List<String> deltas(List<TestEvent> events) {
        return events.stream()
                .filter(event -> event.event().equals("response.output_text.delta"))
                .map(event -> event.json().get("delta").stringValue())
                .toList();
    }
}
