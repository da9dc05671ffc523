package dev.heddle.persistence;

import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.TenantId;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** The assistants of each tenant. What is not there is an {@code AssistantNotFound} problem. */
public interface Assistants {
    /** The same for one request that may be repeated, as {@link Admission#repeatable}. */
    Assistants repeatable(RequestKey key);

    Mono<Assistant> create(TenantId tenant, AssistantSpec spec);

    Mono<Assistant> find(TenantId tenant, AssistantId assistant);

    /** In order of creation. A cursor that names no assistant is an {@code AssistantNotFound} problem. */
    Mono<Page<Assistant>> list(TenantId tenant, PageRequest<AssistantId> request);

    /** Replaces the spec by its change and counts one version up; two changes at once follow one another. */
    Mono<Assistant> change(TenantId tenant, AssistantId assistant, UnaryOperator<AssistantSpec> change);

    /** Forgets the assistant; runs that have a copy of it go on. */
    Mono<Void> delete(TenantId tenant, AssistantId assistant);
}
