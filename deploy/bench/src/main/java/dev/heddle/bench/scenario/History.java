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
    private static final int SAMPLES = 50;
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
        measure(stage, History::run, one, 1); // Warms up, and the messages become those of a run.
        var runs = new Figures<>(name(), measure(stage, History::run, one, plan.rounds()));
        add(runs, "admission of a run", Cost::firstMillis);
        add(runs, "whole run, context of 20", Cost::endMillis);
        addCpu(runs, "whole run");
        measure(stage, History::list, one, 1);
        var lists = new Figures<>(name(), measure(stage, History::list, one, plan.rounds()));
        add(lists, "list of 20", Cost::endMillis);
        addCpu(lists, "list of 20");
        figures.addAll(runs.all());
        figures.addAll(lists.all());
        return figures;
    }

    private static void add(Figures<Pair> figures, String name, ToDoubleFunction<Cost> millis) {
        figures.add(
                name + ": long / short",
                "×",
                Goal.atMost(1.5),
                pair -> millis.applyAsDouble(pair.large) / millis.applyAsDouble(pair.small));
        figures.add(name + ": short, p50", "ms", pair -> millis.applyAsDouble(pair.small));
        figures.add(name + ": long, p50", "ms", pair -> millis.applyAsDouble(pair.large));
    }

    private static void addCpu(Figures<Pair> figures, String name) {
        figures.add("CPU, " + name + ": short", "ms", pair -> pair.small.cpuMillis);
        figures.add("CPU, " + name + ": long", "ms", pair -> pair.large.cpuMillis);
        figures.add("PostgreSQL's CPU, " + name + ": short", "ms", pair -> pair.small.postgresMillis);
        figures.add("PostgreSQL's CPU, " + name + ": long", "ms", pair -> pair.large.postgresMillis);
    }

    /** A short thread is asked once, so that it stays short. */
    private static List<Pair> measure(Stage stage, BiFunction<Stage, String, Request> work, String one, int rounds) {
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < rounds; i++) {
            var small = Bulk.create(stage, "/v1/threads", messages(SHORT), SAMPLES);
            var large = IntStream.range(0, SAMPLES).mapToObj(_ -> one).toList();
            pairs.add(new Pair(once(stage, work, small), once(stage, work, large)));
        }
        return pairs;
    }

    private static Cost once(Stage stage, BiFunction<Stage, String, Request> work, List<String> threads) {
        var tally = new Tally();
        var answers = new ArrayList<Answer>();
        var before = stage.reading(Server.ASSISTANTS, tally);
        try (var client =
                stage.clients().connect(1, stage.gateway().port(), tally).getFirst()) {
            for (var thread : threads) {
                var answer = Checks.result(client.send(work.apply(stage, thread)));
                Checks.ok(answer);
                answers.add(answer);
            }
        }
        var span = new Span(before, stage.reading(Server.ASSISTANTS, tally));
        return new Cost(
                RunFlow.medianMillis(answers, Answer::firstByteNanos),
                RunFlow.medianMillis(answers, Answer::endNanos),
                span.cpuMillis() / threads.size(),
                span.postgresMillis() / threads.size());
    }

    private static Request list(Stage stage, String thread) {
        return Request.get("/v1/threads/" + thread + "/messages?limit=20");
    }

    /** Its answer begins when the run has been admitted. */
    private static Request run(Stage stage, String thread) {
        return Request.post("/v1/threads/" + thread + "/runs", """
                {"assistant_id":"%s","model":"%s","stream":true,"truncation_strategy":{"type":"last_messages",\
                "last_messages":20}}""".formatted(stage.assistant(), ANSWER.model()));
    }

    private static String messages(int turns) {
        return IntStream.rangeClosed(1, turns)
                .mapToObj(
                        "{\"role\":\"user\",\"content\":\"Question %d: what is a heddle, and what is it for?\"}"
                                ::formatted)
                .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
    }

    private record Cost(double firstMillis, double endMillis, double cpuMillis, double postgresMillis) {}

    private record Pair(Cost small, Cost large) {}
}
