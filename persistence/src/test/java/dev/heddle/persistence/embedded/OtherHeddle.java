package dev.heddle.persistence.embedded;

import dev.heddle.persistence.testing.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A Heddle in a process of its own, which has nothing but its embedded PostgreSQL. */
final class OtherHeddle implements AutoCloseable {
    private final Process process;

    private OtherHeddle(Process process) {
        this.process = process;
    }

    /** What the process does: starts the server, runs a statement, tells how it went, stays until its input ends. */
    public static void main(String... homeAndSql) throws IOException {
        System.out.println(report(Path.of(homeAndSql[0]), homeAndSql[1]));
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    static OtherHeddle start(Path home, String sql) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), home, sql);
    }

    /** With something in front of the command, such as {@code env} or {@code setpriv}. */
    static OtherHeddle start(List<String> prefix, String classPath, Path home, String sql) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var program = List.of(java, "-cp", classPath, OtherHeddle.class.getName(), home.toString(), sql);
        var command = Stream.concat(prefix.stream(), program.stream()).toList();
        return new OtherHeddle(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Waits for "done", or for the sentence of a start that was refused. */
    String says() throws IOException {
        return process.inputReader().readLine();
    }

    /** Lets it end, without a word to its server. */
    void exit() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    /** {@code kill -9}. */
    void kill() {
        kill(process.toHandle());
    }

    /** {@code kill -9}, also to the shell that would have stopped the server then. */
    void killWithKeeper() {
        kill(keeper());
        kill();
    }

    /** The shell that stops its server as soon as it is gone. */
    ProcessHandle keeper() {
        return process.children().findFirst().orElseThrow();
    }

    static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    @SuppressWarnings("resource") // To end without closing it is what the tests are about.
    private static String report(Path home, String sql) {
        try {
            TestDatabase.execute(EmbeddedPostgres.start(home).url(), sql);
            return "done";
        } catch (EmbeddedPostgres.StartException e) {
            return e.getMessage();
        }
    }
}
