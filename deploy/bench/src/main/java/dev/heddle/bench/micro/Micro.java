package dev.heddle.bench.micro;

import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all benchmarks of single parts, each in a JVM of its own: time and bytes allocated for each event. */
public final class Micro {
    private Micro() {}

    /** Blocks until all is measured: less than a minute when {@code quick}, else about six. JMH's own report goes to the file. */
    public static Collection<RunResult> run(boolean quick, Path report) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^dev\\.heddle\\..*Benchmark\\.")
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .output(report.toString());
        return new Runner((quick ? quickly(options) : thoroughly(options)).build()).run();
    }

    private static ChainedOptionsBuilder quickly(ChainedOptionsBuilder options) {
        return rounds(options, 1, 2, 2);
    }

    private static ChainedOptionsBuilder thoroughly(ChainedOptionsBuilder options) {
        return rounds(options, 3, 5, 5);
    }

    /** Of a second each. */
    private static ChainedOptionsBuilder rounds(ChainedOptionsBuilder options, int forks, int warmUp, int measured) {
        return options.forks(forks)
                .warmupIterations(warmUp)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(measured)
                .measurementTime(TimeValue.seconds(1));
    }
}
