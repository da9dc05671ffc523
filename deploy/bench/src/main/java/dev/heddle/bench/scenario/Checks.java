package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A figure of work that was not done is none: whatever is measured is also checked, and nothing is waited for forever. */
final class Checks {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Checks() {}

    static void wholeAnswer(Answer answer, int chunks) {
        if (!answer.isOk() || answer.chunks() != chunks) {
            throw new IllegalStateException("expected " + chunks + " chunks, but was " + answer);
        }
    }

    static void ok(Answer answer) {
        if (!answer.isOk()) {
            throw new IllegalStateException("expected an answer, but was " + answer);
        }
    }

    static <T> T result(CompletableFuture<T> answer) {
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Waits until something has been counted, and fails when it is more. */
    static void awaitCount(String what, LongSupplier count, long expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count.getAsLong() < expected) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("expected " + expected + " " + what + ", but was " + count.getAsLong());
            }
            Thread.sleep(1);
        }
        if (count.getAsLong() > expected) {
            throw new IllegalStateException("expected " + expected + " " + what + ", but was " + count.getAsLong());
        }
    }
}
