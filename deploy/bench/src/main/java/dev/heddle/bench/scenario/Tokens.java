package dev.heddle.bench.scenario;

import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.List;

/**
 * What a token costs while many streams flow at the pace of a model: CPU of the gateway and of PostgreSQL beside the CPU of
 * the proxy, how much later it comes, and how much garbage it leaves.
 */
public final class Tokens implements Scenario {
    private static final int STREAMS_OF_THE_GOALS = 200;
    private static final double KILOBYTE = 1_024;

    private final int streams;

    public Tokens(int streams) {
        this.streams = streams;
    }

    @Override
    public String name() {
        return "tokens-" + streams;
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.warmUp(plan);
        stage.watchAllocations();
        var figures = new Figures<Round<TokenFlow>>(
                name(), Round.all(rounds(plan), server -> TokenFlow.of(stage, server, streams, plan.window())));
        for (var server : Server.values()) {
            figures.add("CPU a token: " + server.title(), "µs", round -> cpu(round, server));
        }
        for (var server : Server.PROTOCOLS) {
            compare(figures, server);
        }
        figures.add(
                "clients and model",
                "% of machine",
                round -> round.proxy().span().othersPercent());
        return figures.all();
    }

    /** Many streams take long to begin. */
    private int rounds(Plan plan) {
        return streams > STREAMS_OF_THE_GOALS ? plan.size(1, plan.rounds()) : plan.rounds();
    }

    private void compare(Figures<Round<TokenFlow>> figures, Server server) {
        var who = ": " + server.title();
        figures.add("CPU / proxy's" + who, "×", goal(1.3), round -> cpu(round, server) / cpu(round, Server.PROXY));
        figures.add(
                "PostgreSQL's CPU / proxy's" + who,
                "×",
                goal(0.35),
                round -> round.of(server).span().postgresMicrosPerChunk() / cpu(round, Server.PROXY));
        figures.add("added latency, p50" + who, "ms", goal(10), round -> addedMillis(round, server, 50));
        figures.add("added latency, p99" + who, "ms", goal(40), round -> addedMillis(round, server, 99));
        figures.add(
                "garbage a token" + who,
                "KB",
                goal(1),
                round -> round.of(server).allocatedPerChunk() / KILOBYTE);
        figures.add(
                "tokens" + who,
                "1/s",
                round -> round.of(server).span().chunks()
                        / round.of(server).span().seconds());
    }

    private Goal goal(double limit) {
        return streams == STREAMS_OF_THE_GOALS ? Goal.atMost(limit) : Goal.NONE;
    }

    private static double cpu(Round<TokenFlow> round, Server server) {
        return round.of(server).span().microsPerChunk();
    }

    private static double addedMillis(Round<TokenFlow> round, Server server, double percentile) {
        return round.of(server).ageMillis(percentile) - round.proxy().ageMillis(percentile);
    }
}
