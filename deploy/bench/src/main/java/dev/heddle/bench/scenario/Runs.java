package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.List;

/**
 * Whole runs, each on a thread of its own, of 20 chunks that come as fast as they are taken: created, streamed to their
 * end and stored, so many at once, one after the other.
 */
public final class Runs implements Scenario {
    private final int atOnce;

    public Runs(int atOnce) {
        this.atOnce = atOnce;
    }

    @Override
    public String name() {
        return "runs-" + atOnce;
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.warmUp(plan);
        var figures = new Figures<Round<RunFlow>>(
                name(), Round.all(plan.rounds(), server -> RunFlow.of(stage, server, atOnce, plan.window())));
        figures.add("CPU a run: proxy", "ms", round -> round.proxy().cpuMillis());
        for (var server : Server.PROTOCOLS) {
            add(figures, server);
        }
        figures.add(
                "clients and model",
                "% of machine",
                round -> round.of(Server.ASSISTANTS).span().othersPercent());
        return figures.all();
    }

    private void add(Figures<Round<RunFlow>> figures, Server server) {
        var who = ": " + server.title();
        figures.add(
                "CPU a run" + who,
                "ms",
                Goal.atMost(2),
                round -> round.of(server).cpuMillis());
        figures.add(
                "PostgreSQL's CPU a run" + who, "ms", round -> round.of(server).postgresMillis());
        figures.add(
                "runs" + who,
                "1/s",
                atOnce >= 64 ? Goal.atLeast(500) : Goal.NONE,
                round -> round.of(server).perSecond());
        figures.add(
                "first delta over the proxy's, p50" + who,
                "ms",
                atOnce == 256 ? Goal.atMost(50) : Goal.NONE,
                round -> firstDeltaMillis(round, server) - firstDeltaMillis(round, Server.PROXY));
        figures.add("end, p50" + who, "ms", round -> round.of(server).medianMillis(Answer::endNanos));
    }

    /** Since it was asked for: admission, the database and the wait for the model's server are all in it. */
    private static double firstDeltaMillis(Round<RunFlow> round, Server server) {
        return round.of(server).medianMillis(Answer::firstChunkNanos);
    }
}
