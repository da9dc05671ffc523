package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Long runs told from their beginning, after they have ended and after the gateway that made them: nothing of them is in
 * memory, and nobody has read them before.
 */
public final class Resume implements Scenario {
    private static final int CHUNKS = 10_000;
    private static final int AT_ONCE = 8;
    private static final int RUNS_A_ROUND = 1 + AT_ONCE;
    private static final int WARM_UPS = 5;

    @Override
    public String name() {
        return "resume";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        int rounds = plan.size(2, 5);
        var runs = made(stage, (1 + rounds) * RUNS_A_ROUND);
        stage.restartGateway();
        warmUp(stage, runs.subList(0, RUNS_A_ROUND));
        runs = runs.subList(RUNS_A_ROUND, runs.size());
        var figures = new ArrayList<Figure>();
        figures.addAll(figures("thread", Followed::threadEvents, stage, runs));
        figures.addAll(figures("response", Followed::responseEvents, stage, runs));
        return figures;
    }

    /** With runs of its own, again and again: the code gets warm, and those that are measured stay cold. */
    private static void warmUp(Stage stage, List<Followed> runs) throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            replay(stage, Followed::threadEvents, runs);
            replay(stage, Followed::responseEvents, runs);
        }
    }

    private List<Figure> figures(String of, Function<Followed, Request> stream, Stage stage, List<Followed> runs)
            throws InterruptedException {
        var rounds = new ArrayList<Pair>();
        for (int i = 0; i < runs.size(); i += RUNS_A_ROUND) {
            var one = replay(stage, stream, runs.subList(i, i + 1));
            rounds.add(new Pair(one, replay(stage, stream, runs.subList(i + 1, i + RUNS_A_ROUND))));
        }
        var figures = new Figures<>(name(), rounds);
        figures.add("replay, 1 reader: " + of, "events/s", Goal.atLeast(100_000), pair -> pair.one.perSecond());
        figures.add("replay, 8 readers: " + of, "events/s", pair -> pair.eight.perSecond());
        figures.add("CPU an event: " + of, "µs", pair -> pair.eight.cpuMicros());
        figures.add("PostgreSQL's CPU an event: " + of, "µs", pair -> pair.eight.postgresMicros());
        return figures.all();
    }

    private static List<Followed> made(Stage stage, int count) throws InterruptedException {
        var runs = new ArrayList<Followed>();
        for (int i = 0; i < count; i++) {
            runs.add(Followed.begin(stage, new Script(CHUNKS, 0, 20)));
            if (i >= AT_ONCE) {
                runs.get(i - AT_ONCE).awaitEnd(stage);
            }
        }
        for (var run : runs) {
            run.awaitEnd(stage);
        }
        return runs;
    }

    /** Each reader has a run of its own: frames that one has had encoded are of no use to another. */
    private static Replay replay(Stage stage, Function<Followed, Request> stream, List<Followed> runs)
            throws InterruptedException {
        var tally = new Tally();
        var clients = stage.clients().connect(runs.size(), stage.gateway().port(), tally);
        var before = stage.reading(Server.RESPONSES, tally);
        for (int i = 0; i < runs.size(); i++) {
            clients.get(i).follow(stream.apply(runs.get(i)));
        }
        Checks.awaitCount("chunks", tally::chunks, (long) CHUNKS * runs.size());
        var span = new Span(before, stage.reading(Server.RESPONSES, tally));
        clients.forEach(Client::close);
        return new Replay(span);
    }

    private record Replay(Span span) {
        double perSecond() {
            return span.events() / span.seconds();
        }

        double cpuMicros() {
            return 1_000 * span.cpuMillis() / span.events();
        }

        double postgresMicros() {
            return 1_000 * span.postgresMillis() / span.events();
        }
    }

    private record Pair(Replay one, Replay eight) {}
}
