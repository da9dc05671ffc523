package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.process.Usage;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import dev.heddle.bench.scenario.Stage.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What a token costs while many streams flow at the pace of a model: CPU of the gateway and of PostgreSQL beside the CPU of
 * the proxy, and how much later it comes. The servers are asked in turn, round by round.
 */
public final class Tokens implements Scenario {
    private static final int PER_SECOND = 50;
    private static final Duration SETTLING = Duration.ofSeconds(1);

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
        for (var server : Server.values()) {
            flow(stage, server, plan.warmUp());
        }
        var rounds = new ArrayList<Round>();
        for (int i = 0; i < plan.rounds(); i++) {
            rounds.add(new Round(
                    flow(stage, Server.PROXY, plan.window()),
                    flow(stage, Server.ASSISTANTS, plan.window()),
                    flow(stage, Server.RESPONSES, plan.window())));
        }
        return figures(rounds);
    }

    private List<Figure> figures(List<Round> rounds) {
        boolean isGoal = streams == 200;
        return List.of(
                figure(rounds, "proxy", "µs CPU/token", Goal.NONE, round -> round.proxy.cpu()),
                figure(rounds, "assistants", "µs CPU/token", Goal.NONE, round -> round.assistants.cpu()),
                figure(rounds, "responses", "µs CPU/token", Goal.NONE, round -> round.responses.cpu()),
                figure(
                        rounds,
                        "assistants / proxy",
                        "×",
                        isGoal ? Goal.atMost(1.3) : Goal.NONE,
                        round -> round.assistants.cpu() / round.proxy.cpu()),
                figure(
                        rounds,
                        "responses / proxy",
                        "×",
                        isGoal ? Goal.atMost(1.3) : Goal.NONE,
                        round -> round.responses.cpu() / round.proxy.cpu()),
                figure(
                        rounds,
                        "PostgreSQL (assistants) / proxy",
                        "×",
                        isGoal ? Goal.atMost(0.35) : Goal.NONE,
                        round -> round.assistants.postgres() / round.proxy.cpu()),
                figure(
                        rounds,
                        "PostgreSQL (responses) / proxy",
                        "×",
                        isGoal ? Goal.atMost(0.35) : Goal.NONE,
                        round -> round.responses.postgres() / round.proxy.cpu()),
                figure(
                        rounds,
                        "added latency p50 (assistants)",
                        "ms",
                        isGoal ? Goal.atMost(10) : Goal.NONE,
                        round -> round.assistants.millis(50) - round.proxy.millis(50)),
                figure(
                        rounds,
                        "added latency p99 (assistants)",
                        "ms",
                        isGoal ? Goal.atMost(40) : Goal.NONE,
                        round -> round.assistants.millis(99) - round.proxy.millis(99)),
                figure(
                        rounds,
                        "added latency p50 (responses)",
                        "ms",
                        isGoal ? Goal.atMost(10) : Goal.NONE,
                        round -> round.responses.millis(50) - round.proxy.millis(50)),
                figure(
                        rounds,
                        "added latency p99 (responses)",
                        "ms",
                        isGoal ? Goal.atMost(40) : Goal.NONE,
                        round -> round.responses.millis(99) - round.proxy.millis(99)),
                figure(rounds, "tokens/s (assistants)", "1/s", Goal.NONE, round -> round.assistants.perSecond()));
    }

    private Figure figure(List<Round> rounds, String name, String unit, Goal goal, ToDoubleFunction<Round> sample) {
        return new Figure(
                name(),
                name,
                unit,
                goal,
                rounds.stream().mapToDouble(sample).boxed().toList());
    }

    /** Looks at the middle of streams that begin before and end behind it. */
    private Flow flow(Stage stage, Server server, Duration window) throws InterruptedException {
        int chunks = (int) (window.plus(SETTLING.multipliedBy(2)).toMillis() * PER_SECOND / 1_000);
        var request = stage.ask(server, new Script(chunks, PER_SECOND, 1));
        var tally = new Tally();
        var clients = stage.clients().connect(streams, stage.process(server).port(), tally);
        var answers = clients.stream().map(client -> client.send(request)).toList();
        Thread.sleep(SETTLING);
        tally.takeAges();
        var before = Reading.of(stage, server, tally);
        Thread.sleep(window);
        var after = Reading.of(stage, server, tally);
        var ages = tally.takeAges();
        answers.forEach(answer -> Checks.wholeAnswer(answer.join(), chunks));
        clients.forEach(Client::close);
        return new Flow(before, after, ages);
    }

    private record Round(Flow proxy, Flow assistants, Flow responses) {}

    private record Reading(Usage server, Usage postgres, long chunks, long nanos) {
        static Reading of(Stage stage, Server server, Tally tally) {
            return new Reading(
                    stage.process(server).usage(), stage.postgres().usage(), tally.chunks(), System.nanoTime());
        }
    }

    private record Flow(Reading before, Reading after, Histogram ages) {
        double cpu() {
            return 1_000.0 * (after.server.cpuMillis() - before.server.cpuMillis()) / chunks();
        }

        double postgres() {
            return 1_000.0 * (after.postgres.cpuMillis() - before.postgres.cpuMillis()) / chunks();
        }

        double millis(double percentile) {
            return ages.getValueAtPercentile(percentile) / 1_000.0;
        }

        double perSecond() {
            return 1e9 * chunks() / (after.nanos - before.nanos);
        }

        private long chunks() {
            return after.chunks - before.chunks;
        }
    }
}
