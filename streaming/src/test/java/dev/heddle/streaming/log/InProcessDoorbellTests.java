package dev.heddle.streaming.log;

import dev.heddle.streaming.run.ThreadId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class InProcessDoorbellTests extends DoorbellContract {
    private final InProcessDoorbell doorbell = new InProcessDoorbell();

    @Override
    protected Doorbell doorbell() {
        return doorbell;
    }

    @Override
    protected int followers() {
        return doorbell.followers();
    }

    @Test
    void ringsThatNobodyAskedForAreMergedIntoOne() {
        var thread = ThreadId.fresh();

        StepVerifier.create(doorbell.rings(thread), 1)
                .expectNext(thread)
                .then(() -> IntStream.range(0, 1000).forEach(_ -> doorbell.ring(thread)))
                .thenRequest(Long.MAX_VALUE)
                .expectNext(thread)
                .then(() -> doorbell.ring(thread))
                .expectNext(thread)
                .thenCancel()
                .verify();
    }
}
