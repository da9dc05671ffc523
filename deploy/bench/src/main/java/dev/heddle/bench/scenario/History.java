package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The same request on a thread with a long history and on threads with a short one: it should not matter. */
public final class History implements Scenario {
    private static final int SHORT = 10;
    private static final int SAMPLES = 100;
    private static final Script ANSWER = new Script(2, 0, 1);

    @Override
    public String name() {
        return "history";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.warmUp(plan);
        int turns = plan.size(2_000, 10_000);
        var one = stage.create("/v1/threads", messages(turns));
        var figures = new ArrayList<Figure>();
        for (var work : Work.values()) {
            measure(stage, work, one, 1); // Warms up.
            figures.addAll(figures(work, measure(stage, work, one, plan.rounds())));
        }
        return figures;
    }

    private List<Figure> figures(Work work, List<Pair> pairs) {
        var figures = new Figures<>(name(), pairs);
        figures.add(work.title + ", long / short", "×", Goal.atMost(1.5), pair -> pair.large.millis / pair.small.millis);
        figures.add(work.title + ": short, p50", "ms", pair -> pair.small.millis);
        figures.add(work.title + ": long, p50", "ms", pair -> pair.large.millis);
        figures.add(work.title + ": short, CPU with PostgreSQL's", "ms", pair -> pair.small.cpuMillis);
        figures.add(work.title + ": long, CPU with PostgreSQL's", "ms", pair -> pair.large.cpuMillis);
        return figures.all();
    }

    /** A short thread is asked once, so that it stays short. */
    private static List<Pair> measure(Stage stage, Work work, String one, int rounds) {
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < rounds; i++) {
            var small = Bulk.create(stage, "/v1/threads", messages(SHORT), SAMPLES);
            var large = IntStream.range(0, SAMPLES).mapToObj(_ -> one).toList();
            pairs.add(new Pair(once(stage, work, small), once(stage, work, large)));
        }
        return pairs;
    }

    private static Cost once(Stage stage, Work work, List<String> threads) {
        var tally = new Tally();
        var answers = new ArrayList<Answer>();
        var before = stage.reading(Server.ASSISTANTS, tally);
        try (var client = stage.clients().connect(1, stage.gateway().port(), tally).getFirst()) {
            for (var thread : threads) {
                var answer = Checks.result(client.send(work.request.apply(stage, thread)));
                Checks.ok(answer);
                answers.add(answer);
            }
        }
        var span = new Span(before, stage.reading(Server.ASSISTANTS, tally));
        return new Cost(
                RunFlow.medianMillis(answers, work.moment),
                (span.cpuMillis() + span.postgresMillis()) / threads.size());
    }

    /** What a client asks, and which moment of the answer counts. */
    private enum Work {
        ADMISSION("admission of a run", History::run, Answer::firstByteNanos),
        CONTEXT("whole run, context of 20", History::run, Answer::endNanos),
        LIST("list of 20", (_, thread) -> Request.get("/v1/threads/" + thread + "/messages"), Answer::endNanos);

        private final String title;
        private final BiFunction<Stage, String, Request> request;
        private final ToDoubleFunction<Answer> moment;

        Work(String title, BiFunction<Stage, String, Request> request, ToDoubleFunction<Answer> moment) {
            this.title = title;
            this.request = request;
            this.moment = moment;
        }
    }

    private static Request run(Stage stage, String thread) {
        return Request.post("/v1/threads/" + thread + "/runs", """
                {"assistant_id":"%s","model":"%s","stream":true,"truncation_strategy":{"type":"last_messages",\
                "last_messages":20}}""".formatted(stage.assistant(), ANSWER.model()));
    }

    private static String messages(int turns) {
        return IntStream.rangeClosed(1, turns)
                .mapToObj("{\"role\":\"user\",\"content\":\"Question %d: what is a heddle, and what is it for?\"}"::formatted)
                .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
    }

    private record Cost(double millis, double cpuMillis) {}

    private record Pair(Cost small, Cost large) {}
}
