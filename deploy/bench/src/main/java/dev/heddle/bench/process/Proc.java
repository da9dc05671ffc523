package dev.heddle.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads Linux's {@code /proc} (proc(5)); there is no bench elsewhere. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int THREADS = 17;
    private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux since 2.6.

    private Proc() {}

    static Usage usage(long pid) {
        return stat(pid).map(fields -> usage(pid, fields)).orElse(Usage.NONE);
    }

    /** The processes that have this one as parent. */
    static List<Long> children(long pid) {
        try (Stream<Path> processes = Files.list(ROOT)) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(child -> stat(child)
                                    .map(fields -> Long.parseLong(fields[PARENT]))
                                    .orElse(-1L)
                            == pid)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many files and connections a process may have open. */
    static long maxOpenFiles(long pid) {
        return read(pid, "limits").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +", -1)[3])
                .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElse(0);
    }

    /** CPU includes that of children that have ended and were waited for. */
    private static Usage usage(long pid, String[] fields) {
        long ticks = 0;
        for (int i = USER; i < USER + 4; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return new Usage(ticks * MILLIS_PER_TICK, resident(pid), Integer.parseInt(fields[THREADS]));
    }

    /** The fields behind the name of the program, which may contain anything. */
    private static Optional<String[]> stat(long pid) {
        return read(pid, "stat")
                .map(line -> line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
    }

    private static long resident(long pid) {
        return read(pid, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static Optional<String> read(long pid, String file) {
        try {
            return Optional.of(Files.readString(ROOT.resolve(Long.toString(pid)).resolve(file)));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // ESRCH: it ended while we read.
        }
    }
}
