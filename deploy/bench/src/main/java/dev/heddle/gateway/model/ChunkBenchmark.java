package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.scheduler.Schedulers;

/** Chunks as OpenAI sends them, from the bytes of a read to the events they tell. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkBenchmark {
    private static final int CHUNKS = 400;
    private static final String CHUNK = """
            data: {"id":"chatcmpl-BYx0nZ1qk5TzNf8vJvJtq3lQbXw2d","object":"chat.completion.chunk",\
            "created":1700000000,"model":"gpt-4o-2024-08-06","service_tier":"default",\
            "system_fingerprint":"fp_07871e2ad8","choices":[{"index":0,"delta":{"content":" token"},\
            "logprobs":null,"finish_reason":null}],"usage":null}

            """;

    @Param({"1", "8"})
    public int chunksPerRead;

    private ByteBuf read = Unpooled.EMPTY_BUFFER;

    @Setup
    public void write() {
        read = Unpooled.wrappedBuffer(CHUNK.repeat(chunksPerRead).getBytes(UTF_8));
    }

    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public void parse(Blackhole events) {
        var settings = UpstreamSettings.of(URI.create("http://model/v1"), "");
        var silence = new Silence(settings.timeouts(), Schedulers.immediate());
        var answer = new Answer(silence, new ErrorReader(""), settings.limits().maxEventBytes(), false, false);
        for (int i = 0; i < CHUNKS / chunksPerRead; i++) {
            events.consume(answer.read(read.readerIndex(0)));
        }
    }
}
