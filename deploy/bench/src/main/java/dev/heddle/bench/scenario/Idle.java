package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Connection;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.process.Jvm;
import dev.heddle.bench.process.Usage;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.time.Duration;
import java.util.List;

/** Streams of threads on which nothing happens: what one holds, and what its heartbeats cost. */
public final class Idle implements Scenario {
    private static final double KILOBYTE = 1_024;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final int WARM_UPS = 20;
    private static final int OTHER_FILES = 500;

    private final Kind kind;

    private Idle(Kind kind) {
        this.kind = kind;
    }

    public static Idle events() {
        return new Idle(Kind.EVENTS);
    }

    public static Idle sockets() {
        return new Idle(Kind.SOCKETS);
    }

    @Override
    public String name() {
        return kind == Kind.EVENTS ? "idle-events" : "idle-sockets";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        int streams = plan.size(2_000, 10_000);
        stage.restartGateway();
        requireOpenFiles(stage, streams);
        var threads = Bulk.create(stage, "/v1/threads", "{}", streams);
        // What the first ones bring, such as classes, is not what a stream holds.
        open(stage, threads.subList(0, WARM_UPS), new Tally()).forEach(Connection::close);
        var before = held(stage);
        var tally = new Tally();
        var open = open(stage, threads, tally);
        var after = held(stage);
        var beats =
                heartbeats(stage, tally, HEARTBEAT.multipliedBy(plan.size(1, 3)).plusSeconds(1));
        Checks.awaitCount("open streams", tally::heads, streams);
        open.forEach(Connection::close);
        return figures(streams, before, after, beats);
    }

    private List<? extends Connection> open(Stage stage, List<String> threads, Tally tally)
            throws InterruptedException {
        var open = kind == Kind.EVENTS ? events(stage, threads, tally) : sockets(stage, threads, tally);
        Checks.awaitCount("open streams", tally::heads, threads.size());
        return open;
    }

    private List<Figure> figures(int streams, Held before, Held after, Span beats) {
        if (beats.events() < streams * 0.9) {
            throw new IllegalStateException(streams + " streams had only " + beats.events() + " heartbeats");
        }
        var figures = new Figures<>(name(), List.of(beats));
        figures.add("streams", "", _ -> streams);
        figures.add(
                "heap a stream", "KB", Goal.atMost(12), _ -> (after.liveBytes - before.liveBytes) / KILOBYTE / streams);
        figures.add(
                "resident a stream",
                "KB",
                _ -> 1.0 * (after.usage.residentKilobytes() - before.usage.residentKilobytes()) / streams);
        figures.add("CPU a heartbeat", "µs", span -> 1_000 * span.cpuMillis() / span.events());
        figures.add("CPU of all heartbeats", "% of a core", span -> span.cpuMillis() / span.seconds() / 10);
        return figures.all();
    }

    private static List<? extends Connection> events(Stage stage, List<String> threads, Tally tally) {
        var clients = stage.clients().connect(threads.size(), stage.gateway().port(), tally);
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).follow(Request.get("/v1/threads/" + threads.get(i) + "/events"));
        }
        return clients;
    }

    private static List<? extends Connection> sockets(Stage stage, List<String> threads, Tally tally) {
        var texts = threads.stream()
                .map("{\"type\":\"subscribe\",\"thread_id\":\"%s\",\"credit\":100}"::formatted)
                .toList();
        return stage.clients().connectSockets(texts, stage.gateway().port(), "/v1/stream", tally);
    }

    private static Span heartbeats(Stage stage, Tally tally, Duration window) throws InterruptedException {
        var before = stage.reading(Server.ASSISTANTS, tally);
        Thread.sleep(window);
        return new Span(before, stage.reading(Server.ASSISTANTS, tally));
    }

    private static Held held(Stage stage) {
        long live = Jvm.liveBytes(stage.gateway());
        return new Held(live, stage.gateway().usage());
    }

    private static void requireOpenFiles(Stage stage, int streams) {
        long allowed = stage.gateway().maxOpenFiles();
        if (allowed < streams + OTHER_FILES) {
            throw new IllegalStateException("%,d streams need more than %,d open files: raise the limit with ulimit -n"
                    .formatted(streams, allowed));
        }
    }

    /** After a full collection: it finds the garbage of opening, and leaves what the streams hold. */
    private record Held(long liveBytes, Usage usage) {}

    private enum Kind {
        EVENTS,
        SOCKETS
    }
}
