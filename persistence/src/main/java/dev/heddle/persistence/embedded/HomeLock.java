package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.heddle.persistence.embedded.EmbeddedPostgres.InUseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One process's claim to a home directory. The system ends it with the process, so it is never stale. */
final class HomeLock implements AutoCloseable {
    // A process that opens and closes its own lock file loses the lock: so its own homes are asked for here first.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path home;
    private final FileChannel channel;

    private HomeLock(Path home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /** Takes the directory, or refuses with the number of the process that has it. */
    static HomeLock take(Path home) throws IOException {
        if (!HELD_HERE.add(home)) {
            throw refusal(home, "this very process, " + ProcessHandle.current().pid());
        }
        try {
            return new HomeLock(home, lockedChannel(home));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(home);
            throw e;
        }
    }

    @Override
    public void close() {
        if (HELD_HERE.remove(home)) {
            closeQuietly(channel);
        }
    }

    private static FileChannel lockedChannel(Path home) throws IOException {
        var file = home.resolve("heddle.lock");
        var channel = FileChannel.open(file, CREATE, READ, WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw refusal(home, "process " + Files.readString(file).strip());
        }
        var holder = ProcessHandle.current().pid() + "\n";
        channel.truncate(0).write(UTF_8.encode(holder));
        return channel;
    }

    private static InUseException refusal(Path home, String holder) {
        return new InUseException("Another Heddle (" + holder + ") is already using " + home
                + ": stop it, or give this one a directory of its own with --data-dir or HEDDLE_HOME.");
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the descriptor, which is gone even then.
        }
    }
}
