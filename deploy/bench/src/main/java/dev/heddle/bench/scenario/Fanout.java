package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.report.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What further readers of one run cost, in the stream of its thread and in its own: CPU for each reader and token. */
public final class Fanout implements Scenario {
    private static final int PER_SECOND = 400;
    private static final Duration SETTLING = Duration.ofMillis(500);
    private static final List<Integer> READERS = List.of(1, 10, 100);

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.warmUp(plan);
        var figures = new ArrayList<Figure>();
        figures.addAll(measure("thread", Followed::threadEvents, stage, plan));
        figures.addAll(measure("response", Followed::responseEvents, stage, plan));
        return figures;
    }

    private List<Figure> measure(String of, Function<Followed, Request> stream, Stage stage, Plan plan)
            throws InterruptedException {
        var rounds = new ArrayList<List<Span>>();
        for (int i = 0; i < plan.rounds(); i++) {
            var spans = new ArrayList<Span>();
            for (int readers : READERS) {
                spans.add(follow(stage, stream, readers, plan.window()));
            }
            rounds.add(spans);
        }
        var figures = new Figures<List<Span>>(name(), rounds);
        for (int i = 0; i < READERS.size(); i++) {
            int size = i;
            figures.add(
                    "CPU a token and reader, of " + READERS.get(i) + ": " + of,
                    "µs",
                    spans -> spans.get(size).microsPerChunk());
        }
        figures.add("CPU a token and further reader: " + of, "µs", Fanout::further);
        return figures.all();
    }

    /** What readers were told is counted for each of them: so is its CPU. */
    private static double further(List<Span> spans) {
        int few = READERS.getFirst();
        int many = READERS.getLast();
        return (spans.getLast().microsPerChunk() * many - spans.getFirst().microsPerChunk() * few) / (many - few);
    }

    private static Span follow(Stage stage, Function<Followed, Request> stream, int readers, Duration window)
            throws InterruptedException {
        int chunks = (int) (window.plus(SETTLING.multipliedBy(2)).toMillis() * PER_SECOND / 1_000);
        var tally = new Tally();
        var clients = stage.clients().connect(readers, stage.gateway().port(), tally);
        var request = stream.apply(Followed.begin(stage, new Script(chunks, PER_SECOND, 1)));
        clients.forEach(client -> client.follow(request));
        Thread.sleep(SETTLING);
        var before = stage.reading(Server.RESPONSES, tally);
        Thread.sleep(window);
        var span = new Span(before, stage.reading(Server.RESPONSES, tally));
        Checks.awaitCount("chunks", tally::chunks, (long) chunks * readers);
        clients.forEach(Client::close);
        return span;
    }
}
