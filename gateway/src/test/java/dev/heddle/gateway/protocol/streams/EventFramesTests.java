package dev.heddle.gateway.protocol.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Json;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class EventFramesTests {
    private final EventFrames frames = new EventFrames(new FrameCache(DataSize.ofMegabytes(1)));

    /** Pieces of text are written by hand, other events by the mapper. */
    @ParameterizedTest
    @ValueSource(strings = {"Hello", "", "\"quoted\\\"", "line\nend\u0000", "Grüße, 世界 🧵", "</script>"})
    void aPieceOfTextIsSpeltAsTheMapperSpellsIt(String text) {
        var piece = new RunEvent.TextAppended(2, ItemId.fresh(), text);
        var event = new LoggedEvent(
                17, 3, Instant.parse("2026-01-02T03:04:05.678Z"), new ThreadEvent.OfRun(RunId.fresh(), 9, piece));

        var frame = frames.inArrivalOrder(ThreadId.fresh(), event);

        String data = new String(Json.bytes(EventJson.of(event)), StandardCharsets.UTF_8);
        assertThat(frame).hasToString("id: 17\nevent: text.appended\ndata: " + data + "\n\n");
    }
}
