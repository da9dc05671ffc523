package dev.heddle.persistence.postgres;

import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A database in which everything is done in transactions that claim a key first. Work without a value has made nothing:
 * it is rolled back, and the key stays free.
 */
final class ClaimingDatabase extends Database {
    private final Claim claim;

    ClaimingDatabase(ConnectionFactory connections, Duration keyLife, Claim claim) {
        super(connections, keyLife);
        this.claim = claim;
    }

    @Override
    <T> Mono<T> inTransaction(Function<Session, Mono<T>> work) {
        return super.inTransaction(session -> claim.during(session, work).switchIfEmpty(Mono.error(NothingMade::new)))
                .onErrorResume(NothingMade.class, _ -> Mono.empty());
    }

    @Override
    <T> Mono<T> inSession(Function<Session, Mono<T>> work) {
        return inTransaction(work);
    }

    private static final class NothingMade extends RuntimeException {
        private static final long serialVersionUID = 1;

        NothingMade() {
            super("Nothing was made", null, false, false);
        }
    }
}
