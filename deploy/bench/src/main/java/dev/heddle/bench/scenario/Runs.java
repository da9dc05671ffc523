package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;
import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.process.Usage;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import dev.heddle.bench.scenario.Stage.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/**
 * Whole runs, each on a thread of its own, of 20 chunks that come as fast as they are taken: created, streamed to their
 * end and stored, so many at once, one after the other.
 */
public final class Runs implements Scenario {
    private static final Script SCRIPT = new Script(20, 0, 1);

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
        var rate = atOnce >= 64 ? Goal.atLeast(500) : Goal.NONE;
        var firstDelta = atOnce == 256 ? Goal.atMost(50) : Goal.NONE;
        var resident = atOnce == 256 ? Goal.atMost(350) : Goal.NONE;
        var threads = atOnce == 256 ? Goal.atMost(40) : Goal.NONE;
        return List.of(
                figure(rounds, "assistants", "ms CPU/run", Goal.atMost(2), round -> round.assistants.cpu()),
                figure(rounds, "responses", "ms CPU/run", Goal.atMost(2), round -> round.responses.cpu()),
                figure(rounds, "proxy", "ms CPU/run", Goal.NONE, round -> round.proxy.cpu()),
                figure(
                        rounds,
                        "PostgreSQL (assistants)",
                        "ms CPU/run",
                        Goal.NONE,
                        round -> round.assistants.postgres()),
                figure(rounds, "PostgreSQL (responses)", "ms CPU/run", Goal.NONE, round -> round.responses.postgres()),
                figure(rounds, "assistants", "runs/s", rate, round -> round.assistants.perSecond()),
                figure(rounds, "responses", "runs/s", rate, round -> round.responses.perSecond()),
                figure(
                        rounds,
                        "first delta p50 over the model's (assistants)",
                        "ms",
                        firstDelta,
                        round -> round.assistants.firstDelta()),
                figure(
                        rounds,
                        "first delta p50 over the model's (responses)",
                        "ms",
                        firstDelta,
                        round -> round.responses.firstDelta()),
                figure(rounds, "end p50 (assistants)", "ms", Goal.NONE, round -> round.assistants.end()),
                figure(rounds, "threads", "", threads, round -> round.assistants.after.threads()),
                figure(
                        rounds,
                        "resident",
                        "MB",
                        resident,
                        round -> round.assistants.after.residentKilobytes() / 1_024.0));
    }

    private Figure figure(List<Round> rounds, String name, String unit, Goal goal, ToDoubleFunction<Round> sample) {
        return new Figure(
                name(),
                name,
                unit,
                goal,
                rounds.stream().mapToDouble(sample).boxed().toList());
    }

    private Flow flow(Stage stage, Server server, Duration window) throws InterruptedException {
        var clients = stage.clients().connect(atOnce, stage.process(server).port(), new Tally());
        var flow = new Measurement(stage, server, clients).during(window);
        clients.forEach(Client::close);
        return flow;
    }

    /** Every client asks again as soon as it has its answer. */
    private static final class Measurement {
        private final Stage stage;
        private final Server server;
        private final List<Client> clients;
        private final Request request;
        private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        private volatile boolean over;

        Measurement(Stage stage, Server server, List<Client> clients) {
            this.stage = stage;
            this.server = server;
            this.clients = clients;
            this.request = stage.ask(server, SCRIPT);
        }

        Flow during(Duration window) throws InterruptedException {
            var before = stage.process(server).usage();
            var postgres = stage.postgres().usage();
            long started = System.nanoTime();
            var loops = clients.stream().map(this::loop).toList();
            Thread.sleep(window);
            over = true;
            CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new)).join();
            var after = stage.process(server).usage();
            double seconds = (System.nanoTime() - started) / 1e9;
            return new Flow(before, after, postgres, stage.postgres().usage(), seconds, List.copyOf(answers));
        }

        private CompletableFuture<Void> loop(Client client) {
            return client.send(request).thenCompose(answer -> {
                Checks.wholeAnswer(answer, SCRIPT.chunks());
                answers.add(answer);
                return over ? CompletableFuture.completedFuture(null) : loop(client);
            });
        }
    }

    private record Round(Flow proxy, Flow assistants, Flow responses) {}

    private record Flow(
            Usage before,
            Usage after,
            Usage postgresBefore,
            Usage postgresAfter,
            double seconds,
            List<Answer> answers) {
        double cpu() {
            return 1.0 * (after.cpuMillis() - before.cpuMillis()) / answers.size();
        }

        double postgres() {
            return 1.0 * (postgresAfter.cpuMillis() - postgresBefore.cpuMillis()) / answers.size();
        }

        double perSecond() {
            return answers.size() / seconds;
        }

        double firstDelta() {
            return median(answer -> answer.firstChunkAgeMicros() / 1e3);
        }

        double end() {
            return median(answer -> answer.endNanos() / 1e6);
        }

        private double median(ToDoubleFunction<Answer> millis) {
            var sorted = answers.stream().mapToDouble(millis).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }
}
