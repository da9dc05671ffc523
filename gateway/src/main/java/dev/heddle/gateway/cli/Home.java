package dev.heddle.gateway.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The directory in which an embedded database is kept. */
final class Home {
    @Option(
            names = "--data-dir",
            defaultValue = "${env:HEDDLE_HOME:-${sys:user.home}/.heddle}",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL keeps its data; default: ${DEFAULT-VALUE}. (env HEDDLE_HOME)")
    private Path directory = Path.of(".heddle");

    Path directory() {
        return directory.toAbsolutePath();
    }
}
