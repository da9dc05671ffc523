package dev.heddle.gateway.testing;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Counts what a {@link ScriptedModelServer} does. */
public final class TokenMeter {
    private static final int CLOSES_KEPT = 1_000;

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong tokensSent = new AtomicLong();
    private final AtomicInteger openStreams = new AtomicInteger();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final List<ClientClose> newestCloses = new CopyOnWriteArrayList<>();
    private final Sinks.Many<ClientClose> closes = Sinks.many().replay().limit(CLOSES_KEPT);

    /** A client that went away before its answer had ended, and how many tokens had been sent to it. */
    public record ClientClose(Instant at, String question, long tokens) {}

    /**
     * What has been counted so far.
     *
     * @param tokensSent chunks of text made for the network: without delay up to 128 ahead of it
     * @param openStreams answers under way, silent ones included
     * @param clientCloses the newest 1,000
     */
    public record Reading(
            long requests, long tokensSent, int openStreams, int openConnections, List<ClientClose> clientCloses) {}

    public Reading read() {
        return new Reading(
                requests.get(), tokensSent.get(), openStreams.get(), openConnections.get(), List.copyOf(newestCloses));
    }

    /** The newest 1,000 so far, then those to come; never completes. */
    public Flux<ClientClose> clientCloses() {
        return closes.asFlux();
    }

    void streamOpened() {
        requests.incrementAndGet();
        openStreams.incrementAndGet();
    }

    void streamClosed() {
        openStreams.decrementAndGet();
    }

    void tokenSent() {
        tokensSent.incrementAndGet();
    }

    synchronized void clientClosed(ClientClose close) {
        newestCloses.add(close);
        if (newestCloses.size() > CLOSES_KEPT) {
            newestCloses.removeFirst();
        }
        // It replays, so it needs no reader, and one thread at a time gets here: it always takes the value.
        closes.tryEmitNext(close).orThrow();
    }

    void connectionOpened() {
        openConnections.incrementAndGet();
    }

    void connectionClosed() {
        openConnections.decrementAndGet();
    }
}
