package dev.heddle.bench.process;

/** Something whose use of the machine can be read at any time. */
public interface Measured {
    Usage usage();

    static Measured thisProcess() {
        return () -> Proc.usage(ProcessHandle.current().pid());
    }
}
