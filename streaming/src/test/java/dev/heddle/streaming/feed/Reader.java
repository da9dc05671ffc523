package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Followed;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** A reader that takes as much as it is told to, and remembers what it has seen. Ask it only when nothing comes. */
public final class Reader extends BaseSubscriber<Followed> {
    private final List<Followed> seen = new ArrayList<>();
    private final long firstDemand;
    private volatile boolean completed;

    private Reader(long firstDemand) {
        this.firstDemand = firstDemand;
    }

    /** Begins to read. */
    public static Reader of(Flux<Followed> feed, long firstDemand) {
        return feed.subscribeWith(new Reader(firstDemand));
    }

    public static Reader of(Flux<Followed> feed) {
        return of(feed, Long.MAX_VALUE);
    }

    public List<Followed> seen() {
        return seen;
    }

    public boolean isCompleted() {
        return completed;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (firstDemand > 0) {
            request(firstDemand);
        }
    }

    @Override
    protected void hookOnNext(Followed followed) {
        seen.add(followed);
    }

    @Override
    protected void hookFinally(SignalType type) {
        completed = type == SignalType.ON_COMPLETE;
    }
}
