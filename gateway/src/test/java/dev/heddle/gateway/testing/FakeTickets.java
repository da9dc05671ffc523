package dev.heddle.gateway.testing;

import dev.heddle.persistence.Tickets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Tickets for what is there, as the test says it; good once, and until it says that their time has passed. */
public final class FakeTickets implements Tickets {
    private final Map<String, Ticket> issued = new ConcurrentHashMap<>();
    private final Function<Scope, Mono<?>> there;
    private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

    /** {@code there} fails for what is not there. */
    public FakeTickets(Function<Scope, Mono<?>> there) {
        this.there = there;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Mono<Ticket> issue(Scope scope, Duration life) {
        return there.apply(scope).then(Mono.fromSupplier(() -> issued(scope, life)));
    }

    private Ticket issued(Scope scope, Duration life) {
        var ticket = new Ticket("tkt_" + UUID.randomUUID(), scope, now.plus(life));
        issued.put(ticket.text(), ticket);
        return ticket;
    }

    @Override
    public Mono<Scope> redeem(String ticket) {
        return Mono.fromSupplier(() -> issued.remove(ticket))
                .filter(found -> now.isBefore(found.expiresAt()))
                .map(Ticket::scope);
    }
}
