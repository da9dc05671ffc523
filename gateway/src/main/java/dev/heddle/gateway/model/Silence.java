package dev.heddle.gateway.model;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Watches one attempt for a server that says nothing for too long: before the first byte in any case, after it only
 * while somebody wants more.
 */
final class Silence {
    private final UpstreamSettings.Timeouts timeouts;
    private final Scheduler timer;
    private final AtomicLong demand = new AtomicLong();
    private volatile Phase phase = Phase.NOT_SENT;
    private volatile long since;

    private enum Phase {
        NOT_SENT,
        WAITING,
        ANSWERING,
        ANSWERED
    }

    Silence(UpstreamSettings.Timeouts timeouts, Scheduler timer) {
        this.timeouts = timeouts;
        this.timer = timer;
    }

    /** The request leaves; waiting for a connection does not count as silence. */
    void requestSent() {
        since = now();
        phase = Phase.WAITING;
    }

    /** Bytes of the answer came. */
    void heard() {
        since = now();
        phase = Phase.ANSWERING;
    }

    /** The answer is whole: from here on the server may say nothing. */
    void answered() {
        phase = Phase.ANSWERED;
    }

    /** Somebody wants {@code n} more events. */
    void asked(long n) {
        if (demand.get() == 0) {
            // Before the demand counts: the time without demand would otherwise look like silence.
            since = now();
        }
        demand.accumulateAndGet(n, Operators::addCap);
    }

    /** One of the events asked for was given. */
    void given() {
        demand.decrementAndGet();
    }

    /** Fails once the silence was too long; never ends otherwise. */
    Mono<Void> alarm() {
        return Mono.defer(() -> Mono.delay(pause(), timer))
                .repeat(() -> remainingMillis() > 0)
                .then(Mono.error(() -> Failures.silence(limit())));
    }

    /** No longer than the shorter limit, since the other one may come to count meanwhile. */
    private Duration pause() {
        long shorter = Math.min(timeouts.firstByte().toMillis(), timeouts.idle().toMillis());
        return Duration.ofMillis(Math.clamp(remainingMillis(), 1, Math.max(1, shorter)));
    }

    private long remainingMillis() {
        return counts() ? limit().toMillis() - (now() - since) : limit().toMillis();
    }

    private boolean counts() {
        return switch (phase) {
            case NOT_SENT, ANSWERED -> false;
            case WAITING -> true;
            case ANSWERING -> demand.get() > 0;
        };
    }

    private Duration limit() {
        return phase == Phase.ANSWERING ? timeouts.idle() : timeouts.firstByte();
    }

    /** Milliseconds of a clock that is never set back. */
    private long now() {
        return TimeUnit.NANOSECONDS.toMillis(timer.now(TimeUnit.NANOSECONDS));
    }
}
