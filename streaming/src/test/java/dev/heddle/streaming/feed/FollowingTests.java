package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.run.ThreadId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class FollowingTests {
    /** Whoever rings must not hear of it: that is the lane. */
    @Test
    void whatFailsAtHandFailsItsReader() {
        var broken = new Pager() {
            @Override
            public Mono<List<Followed>> next() {
                return Mono.just(List.of());
            }

            @Override
            public @Nullable List<Followed> atHand() {
                throw new IllegalStateException("broken");
            }
        };

        StepVerifier.create(Following.of(broken, Flux.just(ThreadId.fresh()).concatWith(Flux.never())))
                .expectErrorMessage("broken")
                .verify(Duration.ofSeconds(10));
    }
}
