package dev.heddle.streaming.lane;

import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** The end of the merge: asks the runs for no more events than may be in flight, and for more as these are granted. */
final class LaneMerge extends BaseSubscriber<LaneSignal> {
    private final int maxEventsInFlight;
    private final Consumer<LaneSignal> hear;
    private final Consumer<Throwable> fail;

    LaneMerge(int maxEventsInFlight, Consumer<LaneSignal> hear, Consumer<Throwable> fail) {
        this.maxEventsInFlight = maxEventsInFlight;
        this.hear = hear;
        this.fail = fail;
    }

    /** So many events are no longer in flight: stored, or dropped. */
    void grant(int events) {
        if (events > 0) {
            request(events);
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(maxEventsInFlight);
    }

    @Override
    protected void hookOnNext(LaneSignal signal) {
        hear.accept(signal);
    }

    @Override
    protected void hookOnError(Throwable error) {
        fail.accept(error);
    }
}
