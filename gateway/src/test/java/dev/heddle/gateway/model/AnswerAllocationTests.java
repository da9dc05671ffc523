package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.Allocation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/**
 * What reading a chunk costs in garbage: the text it carries, the event that tells it, the list of a read's events. 203 and
 * 112 bytes were counted when the bounds were written; one more string for each chunk is beyond them.
 */
class AnswerAllocationTests {
    private static final int CHUNKS = 400;
    private static final String CHUNK = """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m",\
            "choices":[{"index":0,"delta":{"content":" token"},"finish_reason":null}]}

            """;

    @Test
    void ofAChunkInAReadOfItsOwnIsBounded() {
        assertThat(perChunk(1)).isLessThanOrEqualTo(208);
    }

    @Test
    void ofEightChunksInOneReadIsBounded() {
        assertThat(perChunk(8)).isLessThanOrEqualTo(116);
    }

    private static long perChunk(int chunksPerRead) {
        var reads = List.copyOf(IntStream.range(0, CHUNKS / chunksPerRead)
                .mapToObj(
                        _ -> Unpooled.wrappedBuffer(CHUNK.repeat(chunksPerRead).getBytes(UTF_8)))
                .toList());
        return Allocation.of(() -> read(reads)) / CHUNKS;
    }

    private static void read(List<ByteBuf> reads) {
        var settings = UpstreamSettings.of(URI.create("http://model/v1"), "");
        var answer = new Answer(
                new Silence(settings.timeouts(), Schedulers.immediate()),
                new ErrorReader(""),
                settings.limits().maxEventBytes(),
                false,
                false);
        for (ByteBuf read : reads) {
            answer.read(read.readerIndex(0));
        }
    }
}
