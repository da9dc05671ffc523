package dev.heddle.bench.micro;

import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.lane.LaneParts;
import dev.heddle.streaming.lane.LaneSettings;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Pieces of text from runs to a reader, through merge, numbers, log and feed, over a log that stores at once: so every
 * append is as small as it can be, which is the most that a lane has to do for a piece.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LaneBenchmark {
    private static final int PIECES = 1_600;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Runs at once, which share the pieces. */
    @Param({"1", "16"})
    public int runs;

    @Benchmark
    @OperationsPerInvocation(PIECES)
    public long merge() {
        var thread = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        var keys = LongStream.rangeClosed(1, runs)
                .mapToObj(turn -> new RunKey(thread, turn, RunId.fresh()))
                .toList();
        var log = new TailCache(new InMemoryEventLog(), 1 << 20, 1 << 26);
        var doorbell = new InProcessDoorbell();
        var database = OneThread.with(keys, Strategy.CONCURRENT);
        var settings = new LaneSettings(16, 256, 32, 512, PATIENCE, Duration.ofMillis(1));
        var lanes = new Lanes(new LaneParts(
                log, doorbell, database, database, work(), Clock.systemUTC(), Schedulers.parallel(), settings));
        lanes.wake(thread);
        var feed = new RunFeed(log, doorbell);
        return Flux.fromIterable(keys)
                .flatMap(key -> feed.follow(key, -1), runs) // Their order does not matter: they are only counted.
                .count()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private RunWork work() {
        var item = ItemId.fresh();
        var start = new Item.Message(Role.ASSISTANT, List.of());
        var end = new Item.Message(Role.ASSISTANT, List.of(new Content.Text("all of it")));
        var pieces = Flux.<RunEvent>just(new RunEvent.TextAppended(0, item, " token"))
                .repeat(PIECES / runs - 1L);
        return _ -> pieces.startWith(new RunEvent.ItemOpened(0, item, 0, start))
                .concatWithValues(
                        new RunEvent.ItemClosed(0, item, ItemStatus.COMPLETED, end, Usage.NONE),
                        new RunEvent.Completed(Usage.NONE));
    }
}
