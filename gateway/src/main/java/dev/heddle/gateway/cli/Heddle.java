package dev.heddle.gateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code heddle}; without a command it prints its help. */
@Command(
        name = "heddle",
        description = "A gateway for chat threads: many runs on one thread, and every reader sees one order.",
        footer = "In a checkout there is also 'heddle bench', which measures a gateway; see docs/performance.md.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {ServeCommand.class, DemoCommand.class, VersionCommand.class})
public final class Heddle implements Runnable {
    private Heddle() {}

    public static void main(String[] args) {
        int exit = new CommandLine(new Heddle())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new Complaint())
                .execute(args);
        System.exit(exit);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
