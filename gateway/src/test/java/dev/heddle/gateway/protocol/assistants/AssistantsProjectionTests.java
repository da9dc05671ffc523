package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredThread;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Given these events, exactly these frames; and the same ones again for whoever comes back. */
class AssistantsProjectionTests {
    @ParameterizedTest
    @MethodSource("lives")
    void theFramesAreThoseOfTheGoldenFile(String life) {
        assertThat(streamOf(life, FrameId.START)).isEqualTo(Golden.read(life));
    }

    @ParameterizedTest
    @MethodSource("lives")
    void aReaderWhoWasCutOffAfterAnyFrameIsGivenExactlyTheRest(String life) {
        var frames = frames(life, FrameId.START);

        for (int seen = 1; seen < frames.size(); seen++) {
            var resumed = frames(life, idOf(frames.get(seen - 1)));

            assertThat(resumed).isEqualTo(frames.subList(seen, frames.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("lives")
    void theNumberOfAnEventAloneMeansAllItsFrames(String life) {
        var frames = frames(life, FrameId.parse("after", "0"));

        assertThat(frames).isEqualTo(frames(life, FrameId.START).subList(2, 2 + frames.size()));
    }

    @ParameterizedTest
    @MethodSource("lives")
    void idsGrowAndNoneIsUsedTwice(String life) {
        var ids = frames(life, FrameId.START).stream()
                .filter(frame -> !frame.startsWith("event: done"))
                .map(AssistantsProjectionTests::idOf)
                .toList();

        for (int next = 1; next < ids.size(); next++) {
            assertThat(ids.get(next).isAfter(ids.get(next - 1))).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("lives")
    void theStreamEndsWithTheRunAndThenDone(String life) {
        var frames = frames(life, FrameId.START);

        assertThat(frames.getLast()).isEqualTo("event: done\ndata: [DONE]\n\n");
        assertThat(frames.get(frames.size() - 2))
                .containsPattern("event: thread\\.run\\.(completed|incomplete|failed|cancelled|expired)\n");
    }

    @Test
    void aGapEndsTheStreamWithAnErrorInBothShapes() {
        var projection = AssistantsProjection.whole(Sample.run(), Sample.EXPIRY, FrameId.START);

        var frames = projection.frames(new Gap(0, 4));

        assertThat(text(frames)).isEqualTo(Golden.read("gap"));
    }

    @Test
    void aThreadThatWasCreatedWithItsRunComesFirstAndHasNoId() {
        var frame = AssistantsProjection.threadCreated(
                new StoredThread(Sample.THREAD, Sample.CREATED, Optional.empty(), Map.of("topic", "looms")));

        assertThat(frame.toString()).isEqualTo(Golden.read("thread_created"));
    }

    @Test
    void everyGoldenFileIsOfALife() {
        var known = Stream.concat(lives(), Stream.of("gap", "thread_created")).collect(Collectors.toSet());

        assertThat(Golden.names()).isEqualTo(known).hasSize(12);
    }

    static Stream<String> lives() {
        return Sample.lives().keySet().stream();
    }

    static List<String> frames(String life, FrameId after) {
        var projection = AssistantsProjection.whole(Sample.run(), Sample.EXPIRY, after);
        var frames = new ArrayList<String>();
        for (Followed event : Sample.lives().get(life)) {
            projection.frames(event).forEach(frame -> frames.add(frame.toString()));
        }
        return frames;
    }

    private static String streamOf(String life, FrameId after) {
        return String.join("", frames(life, after));
    }

    private static FrameId idOf(String frame) {
        return FrameId.parse("id", frame.substring("id: ".length(), frame.indexOf('\n')));
    }

    private static String text(List<SseFrame> frames) {
        return frames.stream().map(SseFrame::toString).collect(Collectors.joining());
    }
}
