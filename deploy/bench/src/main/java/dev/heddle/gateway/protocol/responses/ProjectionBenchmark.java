package dev.heddle.gateway.protocol.responses;

import dev.heddle.bench.micro.TextRun;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
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
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** Pieces of text to frames: for the first of their readers, who has them encoded, and for the others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProjectionBenchmark {
    private static final int PIECES = 400;

    private final TextRun run = TextRun.of(spec(), PIECES);
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
        var projection = new ResponsesProjection(cache, run.run(), -1);
        for (LoggedEvent event : run.events()) {
            frames.consume(projection.frames(event));
        }
    }

    /** As the smallest request makes it. */
    private static RunSpec spec() {
        var text = JsonNodeFactory.instance.objectNode();
        text.putObject("format").put("type", "text");
        var auto = StringNode.valueOf("auto");
        var echo = new Echo(false, true, true, null, false, null, null, text, auto, "disabled", null, null, null);
        return new RunSpec(
                null,
                "demo",
                "Be brief.",
                ModelOptions.DEFAULTS,
                ToolUse.NONE,
                new ContextLimits(null, null, true),
                Conduct.ENDING,
                echo.json());
    }

    private static FrameCache cache() {
        return new FrameCache(DataSize.ofMegabytes(4));
    }
}
