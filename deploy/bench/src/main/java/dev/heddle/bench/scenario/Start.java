package dev.heddle.bench.scenario;

import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Goal;
import java.util.ArrayList;
import java.util.List;

/** From the launcher to a gateway that answers, on a database that is there already. */
public final class Start implements Scenario {
    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) {
        var starts = new ArrayList<Once>();
        for (int i = 0; i < plan.rounds(); i++) {
            var seconds = stage.restartGateway().toMillis() / 1e3;
            var used = stage.gateway().usage();
            starts.add(new Once(seconds, used.cpuMillis() / 1e3, used.residentMegabytes()));
        }
        var figures = new Figures<>(name(), starts);
        figures.add("launcher to ready", "s", Goal.atMost(3), Once::seconds);
        figures.add("CPU until then", "s", Once::cpuSeconds);
        figures.add("resident", "MB", Once::residentMegabytes);
        return figures.all();
    }

    private record Once(double seconds, double cpuSeconds, double residentMegabytes) {}
}
