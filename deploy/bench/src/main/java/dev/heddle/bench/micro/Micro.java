package dev.heddle.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all benchmarks of single parts, each in a JVM of its own: time and bytes allocated for each event. */
public final class Micro {
    private Micro() {}

    /** {@code [--quick] [FILE]}: results go to the file as JMH's JSON. */
    public static void main(String[] args) throws IOException, RunnerException {
        boolean quick = args.length > 0 && args[0].equals("--quick");
        int file = quick ? 1 : 0;
        run(quick, args.length > file ? Path.of(args[file]) : Files.createTempFile("heddle-jmh", ".json"));
    }

    /** Blocks until all is measured: about a minute when {@code quick}, else about six. */
    public static void run(boolean quick, Path json) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^dev\\.heddle\\..*Benchmark\\.")
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString());
        new Runner((quick ? quickly(options) : thoroughly(options)).build()).run();
    }

    private static ChainedOptionsBuilder quickly(ChainedOptionsBuilder options) {
        return rounds(options, 1, 2, 3);
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
