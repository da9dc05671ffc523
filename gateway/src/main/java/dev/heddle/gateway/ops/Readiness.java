package dev.heddle.gateway.ops;

import reactor.core.publisher.Mono;

/** Tells whether requests can be served: the database answers, and its schema is up to date. */
@FunctionalInterface
public interface Readiness {
    /** True or false; an error or silence counts as false. */
    Mono<Boolean> ready();
}
