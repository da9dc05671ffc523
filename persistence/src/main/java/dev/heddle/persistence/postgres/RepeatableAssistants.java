package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.TenantId;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** {@link PostgresAssistants}, created and changed over a database that claims the request's key. */
record RepeatableAssistants(PostgresAssistants assistants, Once once) implements Assistants {
    @Override
    public Assistants repeatable(RequestKey key) {
        return assistants.repeatable(key);
    }

    @Override
    public Mono<Assistant> create(TenantId tenant, AssistantSpec spec) {
        return make(tenant, claiming -> claiming.create(tenant, spec));
    }

    @Override
    public Mono<Assistant> change(TenantId tenant, AssistantId assistant, UnaryOperator<AssistantSpec> change) {
        return make(tenant, claiming -> claiming.change(tenant, assistant, change));
    }

    private Mono<Assistant> make(TenantId tenant, Function<Assistants, Mono<Assistant>> work) {
        return once.make(
                tenant,
                database -> work.apply(new PostgresAssistants(database)),
                made -> assistants.find(tenant, new AssistantId(made.id())));
    }

    @Override
    public Mono<Assistant> find(TenantId tenant, AssistantId assistant) {
        return assistants.find(tenant, assistant);
    }

    @Override
    public Mono<Page<Assistant>> list(TenantId tenant, PageRequest<AssistantId> request) {
        return assistants.list(tenant, request);
    }

    @Override
    public Mono<Void> delete(TenantId tenant, AssistantId assistant) {
        return assistants.delete(tenant, assistant);
    }
}
