package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.persistence.StoredRun;
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
import org.junit.jupiter.params.provider.CsvSource;
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
    void aHundredReadersShareOneEncodingOfEachFrame(String life) {
        var cache = Sample.cache();
        var first = framesOf(cache, Sample.run(), life);

        for (int reader = 1; reader < 100; reader++) {
            assertThat(framesOf(cache, Sample.run(), life))
                    .isEqualTo(first); // No two frames are equal but one and the same.
        }
    }

    @Test
    void aRunWhoseMetadataWasChangedIsToldAsItIsNow() {
        var cache = Sample.cache();
        var before = framesOf(cache, Sample.run(), "plain");

        var after = framesOf(cache, Sample.run(Map.of("c", "3")), "plain");

        assertThat(text(before)).isEqualTo(Golden.read("plain"));
        assertThat(text(after)).isEqualTo(Golden.read("plain").replace("{\"a\":\"1\",\"b\":\"2\"}", "{\"c\":\"3\"}"));
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

    @ParameterizedTest
    @CsvSource({
        "tool_two_rounds,   0,  7.0",
        "tool_two_rounds,   7,  17.0",
        "tool_two_rounds,   17, 27.0",
        "tools_interleaved, 0,  12.0",
        "tool_cancelled,    7,  9.1",
        "tool_of_the_server, 0, 14.0",
    })
    void aStreamUntilThePauseEndsAtTheFirstPauseBehindItsStart(String life, long after, String last) {
        var whole = frames(life, FrameId.lastOf(after));

        var frames = framesUntilPause(life, FrameId.lastOf(after));

        assertThat(frames.getLast()).isEqualTo("event: done\ndata: [DONE]\n\n");
        assertThat(idOf(frames.get(frames.size() - 2))).hasToString(last);
        assertThat(frames.subList(0, frames.size() - 1)).isEqualTo(whole.subList(0, frames.size() - 1));
    }

    @Test
    void aGapEndsTheStreamWithAnErrorInBothShapes() {
        var projection = AssistantsProjection.whole(Sample.cache(), Sample.run(), Sample.EXPIRY, FrameId.START);

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

        assertThat(Golden.names()).isEqualTo(known).hasSize(23);
    }

    static Stream<String> lives() {
        return Sample.lives().keySet().stream();
    }

    static List<String> frames(String life, FrameId after) {
        var projection = AssistantsProjection.whole(Sample.cache(), Sample.run(), Sample.EXPIRY, after);
        var frames = new ArrayList<String>();
        for (Followed event : Sample.lives().get(life)) {
            projection.frames(event).forEach(frame -> frames.add(frame.toString()));
        }
        return frames;
    }

    private static List<SseFrame> framesOf(FrameCache cache, StoredRun run, String life) {
        var projection = AssistantsProjection.whole(cache, run, Sample.EXPIRY, FrameId.START);
        return Sample.lives().get(life).stream()
                .flatMap(event -> projection.frames(event).stream())
                .toList();
    }

    private static List<String> framesUntilPause(String life, FrameId after) {
        var projection = AssistantsProjection.untilPause(Sample.cache(), Sample.run(), Sample.EXPIRY, after);
        var frames = new ArrayList<String>();
        for (Followed event : Sample.lives().get(life)) {
            var next = projection.frames(event);
            next.forEach(frame -> frames.add(frame.toString()));
            if (Frames.areLast(next)) {
                break;
            }
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
