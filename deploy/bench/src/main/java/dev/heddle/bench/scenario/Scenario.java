package dev.heddle.bench.scenario;

import dev.heddle.bench.report.Figure;
import java.util.List;

/** Measures one side of the gateway. */
public interface Scenario {
    /** As it is asked for on the command line. */
    String name();

    /** Leaves the stage as it was, but for what is stored. */
    List<Figure> measure(Stage stage, Plan plan) throws InterruptedException;
}
