package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseFramesTests {
    @Test
    void framesAreReadAndCommentsLeftOut() {
        assertThat(frames(": open\n\nevent: a\ndata: {}\n\n: ping\n\ndata: [DONE]\n\n"))
                .containsExactly(new TestEvent("", "a", "{}"), new TestEvent("", "", "[DONE]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id: 1/event: a/data: {}//|a frame begins with its name",
                "event: a/id: 1/data: {}//|a frame has one line of data",
                "event: a/data: {}/id: 1//|comes a blank line",
                "event: a/data: {/data: }//|comes a blank line",
                "event: a/data: {}/event: b/data: {}//|comes a blank line",
                "event: a/data: {}/: ping//|comes a blank line",
                "data: {}//|a frame begins with its name",
                "event:a/data: {}//|a frame begins with its name",
                "retry: 5//|a frame begins with its name",
                "event: a/data: {}|the stream breaks off",
                "event: a|a frame has one line of data",
            })
    void anyOtherLineIsRefused(String lines, String sentence) {
        assertThatThrownBy(() -> frames(lines.replace('/', '\n')))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(sentence);
    }

    private static List<TestEvent> frames(String text) {
        var frames = new ArrayList<TestEvent>();
        new SseFrames(text.lines().iterator()).forEachRemaining(frames::add);
        return frames;
    }
}
