package dev.heddle.persistence.postgres;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.TenantId;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Does what one request asks for once, however often that comes. */
record Once(Database database, RequestKey key) {
    /** Does the work in transactions that claim the key; a repetition finds what was made instead, as it is now. */
    <T> Mono<T> make(TenantId tenant, Function<Database, Mono<T>> work, Function<Made, Mono<T>> find) {
        return Mono.defer(() -> work.apply(database.claiming(tenant, key)))
                .onErrorResume(KeyTaken.class, taken -> find.apply(taken.made()));
    }
}
