package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A reader's position, and how to read on from it. One instance a subscription; never used by two at once. */
interface Pager {
    /** Events in one page: what a slow reader holds in memory at the most. */
    int PAGE_SIZE = 256;

    /** The next events, and moves behind them; an empty list when there are none yet. */
    Mono<List<Followed>> next();

    /** The same where nobody has to be asked, and null, without moving, where somebody has. */
    default @Nullable List<Followed> atHand() {
        return null;
    }

    /** Page after page at the subscriber's pace; at the end waits for the bell. Never completes. */
    default Flux<Followed> follow(Doorbell doorbell, ThreadId thread) {
        return Following.of(this, doorbell.rings(thread));
    }
}
