package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.run.ThreadId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One reader behind its pager: a page is read when the bell has rung and the reader wants more, and the next one only
 * when it is through. By hand, since every event of every reader comes this way: operators would make a dozen
 * subscriptions for each ring.
 */
final class Following implements Subscription {
    private final CoreSubscriber<? super Followed> reader;
    private final Pager pager;
    private final Mono<List<Followed>> next;
    private final Rings rings = new Rings();
    private final Pages pages = new Pages();
    private final AtomicLong demand = new AtomicLong();

    /** Counts the calls of {@link #goOn}: the first one goes on for all that come meanwhile. */
    private final AtomicInteger calls = new AtomicInteger();

    private volatile boolean rung;
    private volatile boolean reading;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;

    /** The page that was read last; from here on touched only while nothing is being read, and by one call at a time. */
    private List<Followed> page = List.of();

    /** How much of the page the reader was given. */
    private int given;

    private Following(CoreSubscriber<? super Followed> reader, Pager pager) {
        this.reader = reader;
        this.pager = pager;
        this.next = Mono.defer(pager::next);
    }

    /** What the pager reads, at the subscriber's pace; at the end waits for a ring. Never completes. */
    static Flux<Followed> of(Pager pager, Flux<ThreadId> rings) {
        return Flux.from(subscriber -> {
            var following = new Following(Operators.toCoreSubscriber(subscriber), pager);
            subscriber.onSubscribe(following);
            rings.subscribe(following.rings);
        });
    }

    @Override
    public void request(long events) {
        if (Operators.validate(events)) {
            demand.accumulateAndGet(events, Operators::addCap);
            goOn();
        }
    }

    @Override
    public void cancel() {
        over = true;
        rings.cancel();
        pages.cancel();
    }

    private void goOn() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            if (!reading) {
                do {
                    give();
                } while (readOn());
            }
            missed = calls.addAndGet(-missed);
        } while (missed != 0);
    }

    private void give() {
        long wanted = demand.get();
        int from = given;
        while (!over && given < page.size() && given - from < wanted) {
            reader.onNext(page.get(given++));
        }
        if (wanted != Long.MAX_VALUE) {
            demand.addAndGet(from - given);
        }
    }

    /** Whether another page is here already. */
    private boolean readOn() {
        if (over || given < page.size()) {
            return false;
        }
        Throwable failed = failure;
        if (failed != null) {
            cancel();
            reader.onError(failed);
            return false;
        }
        return demand.get() > 0 && (rung || !page.isEmpty()) && readNext();
    }

    private boolean readNext() {
        rung = false; // Before the read: a ring during it may tell of what it does not see.
        given = 0;
        var atHand = atHand();
        if (atHand != null) {
            page = atHand;
            return true;
        }
        page = List.of();
        reading = true;
        next.subscribe(pages);
        return false;
    }

    private @Nullable List<Followed> atHand() {
        try {
            return pager.atHand();
        } catch (RuntimeException error) {
            failure = error;
            return List.of();
        }
    }

    private void fail(Throwable error) {
        failure = error;
        goOn();
    }

    private final class Rings extends BaseSubscriber<ThreadId> {
        @Override
        protected void hookOnNext(ThreadId thread) {
            rung = true;
            goOn();
        }

        @Override
        protected void hookOnError(Throwable error) {
            fail(error);
        }

        @Override
        public Context currentContext() {
            return reader.currentContext();
        }
    }

    /** Hears one read after the other. */
    private final class Pages implements CoreSubscriber<List<Followed>> {
        private volatile @Nullable Subscription read;

        @Override
        public void onSubscribe(Subscription subscription) {
            read = subscription;
            if (over) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onNext(List<Followed> found) {
            page = found;
        }

        @Override
        public void onError(Throwable error) {
            reading = false;
            fail(error);
        }

        @Override
        public void onComplete() {
            reading = false;
            goOn();
        }

        void cancel() {
            Subscription current = read;
            if (current != null) {
                current.cancel();
            }
        }

        @Override
        public Context currentContext() {
            return reader.currentContext();
        }
    }
}
