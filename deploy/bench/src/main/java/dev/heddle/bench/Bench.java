package dev.heddle.bench;

import dev.heddle.bench.report.Figure;
import dev.heddle.bench.report.Markdown;
import dev.heddle.bench.report.Report;
import dev.heddle.bench.report.Table;
import dev.heddle.bench.scenario.Fanout;
import dev.heddle.bench.scenario.History;
import dev.heddle.bench.scenario.Idle;
import dev.heddle.bench.scenario.Open;
import dev.heddle.bench.scenario.Parts;
import dev.heddle.bench.scenario.Plan;
import dev.heddle.bench.scenario.Resume;
import dev.heddle.bench.scenario.Runs;
import dev.heddle.bench.scenario.Scenario;
import dev.heddle.bench.scenario.Slow;
import dev.heddle.bench.scenario.Stage;
import dev.heddle.bench.scenario.Start;
import dev.heddle.bench.scenario.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
            new Start(),
            new Parts());

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

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes every sample there.")
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            paramLabel = "PAGE",
            description = "Also replaces the figures in a page: docs/performance.md.")
    private @Nullable Path markdown;

    @Option(names = "--pictures", paramLabel = "DIR", description = "Also draws each scenario, as an SVG.")
    private @Nullable Path pictures;

    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var scenarios = SCENARIOS.stream().filter(this::isChosen).toList();
        if (scenarios.isEmpty()) {
            System.err.println("bench: there is no scenario " + String.join(" ", chosen) + "; there are "
                    + SCENARIOS.stream().map(Scenario::name).collect(Collectors.joining(", ")));
            return CommandLine.ExitCode.USAGE;
        }
        var figures = new ArrayList<Figure>();
        int failures = 0;
        try (var stage = new Stage(launcher, serve)) {
            for (var scenario : scenarios) {
                failures += measure(scenario, stage, figures) ? 0 : 1;
            }
        }
        tell(Report.now(quick ? "quick" : "full", figures));
        return failures == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** One that fails has no figures, and takes those of the others with it no more than their time. */
    private boolean measure(Scenario scenario, Stage stage, List<Figure> figures) throws InterruptedException {
        System.err.println("bench: " + scenario.name());
        try {
            var its = scenario.measure(stage, quick ? Plan.QUICK : Plan.FULL);
            System.out.print(Table.of(its));
            figures.addAll(its);
            return true;
        } catch (RuntimeException e) {
            System.err.println("bench: " + scenario.name() + " failed: " + e);
            e.printStackTrace(System.err);
            return false;
        }
    }

    private void tell(Report report) throws IOException {
        if (json != null) {
            Files.writeString(json, report.json());
        }
        if (markdown != null) {
            Files.writeString(markdown, Markdown.into(Files.readString(markdown), report));
        }
        if (pictures != null) {
            report.writePictures(pictures);
        }
    }

    private boolean isChosen(Scenario scenario) {
        return chosen.stream()
                .anyMatch(name -> name.equals("all") || scenario.name().startsWith(name));
    }
}
