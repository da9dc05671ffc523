package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialLoopTests {
    private final List<Throwable> errors = new ArrayList<>();
    private final SerialLoop loop = new SerialLoop(errors::add);
    private final List<Integer> done = new ArrayList<>();

    @Test
    void aTaskGivenDuringATaskRunsAfterIt() {
        loop.run(() -> {
            loop.run(() -> done.add(2));
            done.add(1);
        });

        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aTaskThatThrowsDoesNotStopTheNextOnes() {
        var exception = new IllegalStateException();
        var error = new AssertionError();
        loop.run(() -> {
            throw exception;
        });
        loop.run(() -> {
            throw error;
        });
        loop.run(() -> done.add(1));

        assertThat(done).containsExactly(1);
        assertThat(errors).containsExactly(exception, error);
    }

    @Test
    void tasksOfManyThreadsRunOneAfterTheOther() throws InterruptedException {
        var all = new CountDownLatch(4);
        IntStream.range(0, 4)
                .mapToObj(_ -> new Thread(() -> countTo(10_000, all)))
                .forEach(Thread::start);

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        loop.run(() -> done.add(0));
        assertThat(done).hasSize(40_001);
    }

    private void countTo(int times, CountDownLatch all) {
        IntStream.range(0, times).forEach(i -> loop.run(() -> done.add(i)));
        all.countDown();
    }
}
