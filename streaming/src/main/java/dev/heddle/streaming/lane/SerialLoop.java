package dev.heddle.streaming.lane;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after the other, in the order they were given, on whichever caller's thread comes first: state touched
 * only by its tasks needs no lock, and nothing hops to another thread. A task that throws does not stop the next ones.
 */
final class SerialLoop {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<Throwable> onError;

    SerialLoop(Consumer<Throwable> onError) {
        this.onError = onError;
    }

    /** Runs the task now, or right after the one that is running. */
    void run(Runnable task) {
        // Mostly nobody else is here, and the queue is not needed.
        if (waiting.compareAndSet(0, 1)) {
            runWith(task);
            return;
        }
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            runWith(next());
        }
    }

    private void runWith(Runnable task) {
        attempt(task);
        while (waiting.decrementAndGet() != 0) {
            attempt(next());
        }
    }

    /** What is counted is there: it is added first. */
    private Runnable next() {
        return Objects.requireNonNull(tasks.poll());
    }

    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (Throwable error) {
            // An Error, too: passed on, it would leave the count as it is, and no task would ever run again.
            onError.accept(error);
        }
    }
}
