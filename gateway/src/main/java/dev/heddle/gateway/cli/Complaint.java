package dev.heddle.gateway.cli;

import dev.heddle.gateway.demo.DemoFailed;
import dev.heddle.gateway.server.StartRefused;
import dev.heddle.persistence.embedded.EmbeddedPostgres;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What went wrong, as one sentence where it is the operator's to mend, and in full where it is ours. */
final class Complaint implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception error, CommandLine command, ParseResult arguments) throws Exception {
        Optional<Throwable> reason = Stream.<Throwable>iterate(error, cause -> cause != null, Throwable::getCause)
                .filter(Complaint::isForTheOperator)
                .findFirst();
        if (reason.isEmpty()) {
            throw error;
        }
        command.getErr().println("heddle: " + reason.get().getMessage());
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static boolean isForTheOperator(Throwable error) {
        return error instanceof StartRefused
                || error instanceof EmbeddedPostgres.StartException
                || error instanceof DemoFailed;
    }
}
