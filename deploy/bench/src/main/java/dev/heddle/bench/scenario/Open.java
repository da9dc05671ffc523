package dev.heddle.bench.scenario;

import dev.heddle.bench.process.Usage;
import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;

/** What a gateway holds that was started for this, while many streams flow through it: threads and memory. */
public final class Open implements Scenario {
    private final int streams;

    public Open(int streams) {
        this.streams = streams;
    }

    @Override
    public String name() {
        return "open-" + streams;
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.restartGateway();
        var held = new ArrayList<Usage>();
        for (int i = 0; i < plan.rounds(); i++) {
            held.add(TokenFlow.of(stage, Server.ASSISTANTS, streams, plan.window())
                    .span()
                    .after()
                    .server());
        }
        var figures = new Figures<>(name(), held);
        figures.add("threads", "", Goal.atMost(39), Usage::threads);
        figures.add("resident", "MB", Goal.atMost(350), Usage::residentMegabytes);
        return figures.all();
    }
}
