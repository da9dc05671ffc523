package dev.heddle.gateway.protocol.assistants;

import dev.heddle.bench.micro.TextRun;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.AssistantId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.util.unit.DataSize;

/** Pieces of text to frames: for the first of their readers, who has them encoded, and for the others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProjectionBenchmark {
    private static final int PIECES = 400;

    private final TextRun run = TextRun.of(TextRun.spec(AssistantId.fresh()), PIECES);
    private final FrameCache warm = cache();

    @Benchmark
    @OperationsPerInvocation(PIECES)
    public void firstReader(Blackhole frames) {
        project(cache(), frames);
    }

    @Benchmark
    @OperationsPerInvocation(PIECES)
    public void furtherReader(Blackhole frames) {
        project(warm, frames);
    }

    private void project(FrameCache cache, Blackhole frames) {
        var projection = AssistantsProjection.whole(cache, run.run(), Duration.ofMinutes(10), FrameId.START);
        for (LoggedEvent event : run.events()) {
            frames.consume(projection.frames(event));
        }
    }

    private static FrameCache cache() {
        return new FrameCache(DataSize.ofMegabytes(4));
    }
}
