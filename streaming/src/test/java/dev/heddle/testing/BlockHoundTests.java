package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class BlockHoundTests {

    @Test
    void aSleepOnAParallelThreadIsCaught() {
        var sleep = Mono.fromCallable(BlockHoundTests::sleep).subscribeOn(Schedulers.parallel());

        assertThatThrownBy(sleep::block).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    @Test
    void randomNumbersOnAParallelThreadAreAllowed() {
        var seed = Mono.fromCallable(() -> new SecureRandom().generateSeed(8)).subscribeOn(Schedulers.parallel());
        var bytes = Mono.fromCallable(() -> nextBytes(8)).subscribeOn(Schedulers.parallel());

        assertThat(bytes.block()).hasSize(8);
        assertThat(seed.block()).hasSize(8);
    }

    private static long sleep() throws InterruptedException {
        Thread.sleep(1);
        return 1;
    }

    private static byte[] nextBytes(int count) {
        var bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
