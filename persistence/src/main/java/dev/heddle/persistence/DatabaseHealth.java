package dev.heddle.persistence;

import reactor.core.publisher.Mono;

/** Whether what is kept can be reached. */
public interface DatabaseHealth {
    /** Completes when the database answers, errors when it does not within its bound. */
    Mono<Void> check();
}
