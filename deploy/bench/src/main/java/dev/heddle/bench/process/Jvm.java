package dev.heddle.bench.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What only a JVM itself knows of its memory, asked by {@code jcmd} of the same JDK. */
public final class Jvm {
    private Jvm() {}

    /** The bytes of the objects that are left after a full collection. */
    public static long liveBytes(Child jvm) {
        var total = jcmd(jvm.pid(), "GC.class_histogram")
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(total.replaceFirst("Total +\\d+ +(\\d+).*", "$1"));
    }

    private static Stream<String> jcmd(long pid, String command) {
        try {
            var tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var process = new ProcessBuilder(List.of(tool, Long.toString(pid), command)).start();
            return new String(process.getInputStream().readAllBytes(), UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
