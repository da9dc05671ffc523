package dev.heddle.gateway.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

/** Counts what the calling thread allocates on the heap. */
public final class Allocation {
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 5;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** The least of several rounds, in bytes: whatever else happens in one of them only adds to it. */
    public static long of(Runnable work) {
        for (int i = 0; i < WARM_UP; i++) {
            work.run();
        }
        return LongStream.generate(() -> once(work)).limit(ROUNDS).min().orElseThrow();
    }

    private static long once(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
