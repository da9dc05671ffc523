package dev.heddle.bench;

import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Table;
import dev.heddle.bench.scenario.Fanout;
import dev.heddle.bench.scenario.History;
import dev.heddle.bench.scenario.Idle;
import dev.heddle.bench.scenario.Open;
import dev.heddle.bench.scenario.Resume;
import dev.heddle.bench.scenario.Slow;
import dev.heddle.bench.scenario.Start;
import dev.heddle.bench.scenario.Plan;
import dev.heddle.bench.scenario.Runs;
import dev.heddle.bench.scenario.Scenario;
import dev.heddle.bench.scenario.Stage;
import dev.heddle.bench.scenario.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = "Measures a gateway of its own, beside a proxy that only copies bytes, on this machine.",
        mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
    private static final List<Scenario> SCENARIOS = List.of(
            new Tokens(200),
            new Tokens(1_000),
            new Runs(1),
            new Runs(16),
            new Runs(64),
            new Runs(256),
            new Fanout(),
            new Slow(),
            new History(),
            new Open(256),
            new Resume(),
            Idle.events(),
            Idle.sockets(),
            new Start());

    @Parameters(
            arity = "1..*",
            paramLabel = "SCENARIO",
            description = "all, or the beginning of a name: tokens, runs, runs-64, …")
    private List<String> chosen = List.of();

    @Option(names = "--quick", description = "Fewer and shorter rounds: minutes instead of an hour.")
    private boolean quick;

    @Option(
            names = "--launcher",
            defaultValue = "${env:HEDDLE_LAUNCHER:-./heddle}",
            description = "What starts the gateway. Default: ${DEFAULT-VALUE}")
    private Path launcher = Path.of("heddle");

    @Option(names = "--serve", description = "A further argument for the gateway's start; may be repeated.")
    private List<String> serve = List.of();

    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        var figures = new ArrayList<Figure>();
        try (var stage = new Stage(launcher, serve)) {
            for (var scenario : SCENARIOS) {
                if (isChosen(scenario)) {
                    System.err.println("bench: " + scenario.name());
                    figures.addAll(scenario.measure(stage, quick ? Plan.QUICK : Plan.FULL));
                }
            }
        }
        System.out.print(Table.of(figures));
        return 0;
    }

    private boolean isChosen(Scenario scenario) {
        return chosen.stream()
                .anyMatch(name -> name.equals("all") || scenario.name().startsWith(name));
    }
}
