package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;
import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/** Clients that each ask for another answer as soon as they have one. */
record RunFlow(Span span, List<Answer> answers) {
    private static final Script SCRIPT = new Script(20, 0, 1);

    static RunFlow of(Stage stage, Server server, int atOnce, Duration window) throws InterruptedException {
        var tally = new Tally();
        var clients = stage.clients().connect(atOnce, stage.process(server).port(), tally);
        var before = stage.reading(server, tally);
        var answers = new Loops(stage.ask(server, SCRIPT)).during(clients, window);
        var span = new Span(before, stage.reading(server, tally));
        clients.forEach(Client::close);
        return new RunFlow(span, answers);
    }

    double cpuMillis() {
        return span.cpuMillis() / answers.size();
    }

    double postgresMillis() {
        return span.postgresMillis() / answers.size();
    }

    double perSecond() {
        return answers.size() / span.seconds();
    }

    double medianMillis(ToDoubleFunction<Answer> nanos) {
        return medianMillis(answers, nanos);
    }

    static double medianMillis(List<Answer> answers, ToDoubleFunction<Answer> nanos) {
        var sorted = answers.stream().mapToDouble(nanos).sorted().toArray();
        return sorted[sorted.length / 2] / 1e6;
    }

    private static final class Loops {
        private final Request request;
        private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        private volatile boolean over;

        Loops(Request request) {
            this.request = request;
        }

        List<Answer> during(List<Client> clients, Duration window) throws InterruptedException {
            var loops = clients.stream().map(this::loop).toArray(CompletableFuture[]::new);
            Thread.sleep(window);
            over = true;
            Checks.result(CompletableFuture.allOf(loops));
            return List.copyOf(answers);
        }

        private CompletableFuture<Void> loop(Client client) {
            return client.send(request).thenCompose(answer -> {
                Checks.wholeAnswer(answer, SCRIPT.chunks());
                answers.add(answer);
                return over ? CompletableFuture.completedFuture(null) : loop(client);
            });
        }
    }
}
