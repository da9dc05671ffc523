package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.testing.ResponseGrammar;
import dev.heddle.gateway.testing.ResponsesSchemas;
import dev.heddle.gateway.testing.SseFrames;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Given these events, exactly these frames; and the same ones again for whoever comes back. */
class ResponsesProjectionTests {
    /** What is told of these has no event at its end. */
    private static final Set<String> CANCELLED =
            Set.of("background_cancelled", "background_steered", "cancelled_by_another_facade");

    @ParameterizedTest
    @MethodSource("lives")
    void theFramesAreThoseOfTheGoldenFile(String life) {
        assertThat(text(frames(life, -1))).isEqualTo(golden(life));
    }

    @ParameterizedTest
    @MethodSource("lives")
    void theFramesKeepTheGrammar(String life) {
        var grammar = new ResponseGrammar(ResponseGrammar.Wire.SSE);
        events(life).forEach(grammar::accept);

        if (CANCELLED.contains(life)) {
            grammar.endCancelled();
        } else {
            grammar.end();
        }
    }

    @ParameterizedTest
    @MethodSource("lives")
    void everyEventIsOneOfBothDescriptions(String life) {
        events(life).stream()
                .filter(event -> !event.data().equals("[DONE]"))
                .forEach(event -> ResponsesSchemas.checkEvent(Json.read(Json.utf8(event.data()))));
    }

    @ParameterizedTest
    @MethodSource("lives")
    void aReaderWhoWasCutOffAfterAnyFrameIsGivenExactlyTheRest(String life) {
        var frames = text(frames(life, -1));

        var resumed = new StringBuilder();
        for (int after = 0; after < frames(life, -1).size(); after++) {
            String rest = text(frames(life, after));
            resumed.append(rest.length()).append(' ');

            assertThat(frames).endsWith(rest);
        }
        assertThat(resumed.toString()).endsWith(" 0 ");
    }

    @ParameterizedTest
    @MethodSource("lives")
    void aHundredReadersShareOneEncodingOfEachFrame(String life) {
        var cache = Sample.cache();
        var first = frames(cache, life, -1);

        for (int reader = 1; reader < 100; reader++) {
            assertThat(frames(cache, life, -1)).isEqualTo(first); // No two frames are equal but one and the same.
        }
    }

    @ParameterizedTest
    @MethodSource("lives")
    void theResponseAtTheEndIsThatOfTheTerminalEvent(String life) {
        var projection = new ResponsesProjection(Sample.cache(), Sample.run(life), Long.MAX_VALUE);
        Sample.lives()
                .get(life)
                .forEach(event -> assertThat(projection.frames(event)).isEmpty());

        String response = Json.text(projection.response());

        if (CANCELLED.contains(life)) {
            assertThat(response).contains("\"status\":\"cancelled\"");
        } else {
            assertThat(text(frames(life, -1))).contains("\"response\":" + response + "}\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "background", "calls"})
    void aGapIsAProblemThatSaysSo(String life) {
        var projection = new ResponsesProjection(Sample.cache(), Sample.run(life), -1);

        assertThatThrownBy(() -> projection.frames(new Gap(0, 4)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        known -> assertThat(((Problem.InvalidRequest) known.problem()).code())
                                .isEqualTo("events_expired"));
    }

    @Test
    void everyGoldenFileIsOfALife() throws IOException {
        try (var files = ResponsesProjectionTests.class.getResourceAsStream("golden")) {
            String names = new String(files.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(names.lines().map(name -> name.replace(".sse", "")))
                    .containsExactlyInAnyOrderElementsOf(lives());
        }
    }

    static Set<String> lives() {
        return Sample.lives().keySet();
    }

    private static List<TestEvent> events(String life) {
        String stream = text(frames(life, -1)) + "data: [DONE]\n\n";
        var events = new ArrayList<TestEvent>();
        new SseFrames(stream.lines().iterator()).forEachRemaining(events::add);
        return events;
    }

    private static List<SseFrame> frames(String life, long after) {
        return frames(Sample.cache(), life, after);
    }

    private static List<SseFrame> frames(FrameCache cache, String life, long after) {
        var projection = new ResponsesProjection(cache, Sample.run(life), after);
        return Sample.lives().get(life).stream()
                .flatMap(event -> projection.frames(event).stream())
                .toList();
    }

    private static String text(List<SseFrame> frames) {
        return frames.stream().map(SseFrame::toString).collect(Collectors.joining());
    }

    private static String golden(String life) {
        try (var file = ResponsesProjectionTests.class.getResourceAsStream("golden/" + life + ".sse")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
