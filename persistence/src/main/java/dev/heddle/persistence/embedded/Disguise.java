package dev.heddle.persistence.embedded;

import com.sun.security.auth.module.UnixSystem;
import dev.heddle.persistence.embedded.EmbeddedPostgres.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What makes a program believe that it is not run by root. An ordinary user needs nothing.
 *
 * @param prefix goes in front of the command
 * @param fileOwner the user whose files the program can call its own
 */
record Disguise(List<String> prefix, long fileOwner) {
    private static final long ROOT = 0;
    private static final long NOBODY = 65_534;

    // A user namespace without a map: still root to the kernel, and to the files of root, but not by the number it
    // sees.
    private static final Disguise NAMESPACE = new Disguise(List.of("unshare", "-U"), ROOT);

    // Containers forbid namespaces. There it is another user, who passes through root's directories all the same: also
    // when a program asks whether it may (access), for which the kernel would take the capability away.
    private static final Disguise OTHER_USER = new Disguise(
            List.of(
                    "setpriv",
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override",
                    "--securebits=+no_setuid_fixup"),
            NOBODY);

    /** The one that this process needs to run the program, tried out with it. */
    static Disguise thatRuns(Path program) {
        var user = new UnixSystem().getUid();
        return user == ROOT ? forRoot(program) : new Disguise(List.of(), user);
    }

    List<String> on(List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    private static Disguise forRoot(Path program) {
        return Stream.of(NAMESPACE, OTHER_USER)
                .filter(disguise -> disguise.runs(program))
                .findFirst()
                .orElseThrow(() -> new StartException("PostgreSQL does not run as root, and neither unshare nor setpriv"
                        + " helps here: run Heddle as an ordinary user, or name a server in DATABASE_URL."));
    }

    private boolean runs(Path program) {
        try {
            return Command.run(on(List.of(program.toString(), "--version"))).succeeded();
        } catch (IOException e) {
            return false;
        }
    }
}
