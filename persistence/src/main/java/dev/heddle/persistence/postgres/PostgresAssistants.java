package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Assistant;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.TenantId;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** {@link Assistants} in PostgreSQL. */
final class PostgresAssistants implements Assistants {
    private final Database database;

    PostgresAssistants(Database database) {
        this.database = database;
    }

    @Override
    public Assistants repeatable(RequestKey key) {
        return new RepeatableAssistants(this, new Once(database, key));
    }

    private static final String CREATE = """
            insert into assistants as a (tenant_id, id, spec, metadata, version)
            values ($1, $2, $3::jsonb, $4::jsonb, 1)
            returning""" + AssistantRows.COLUMNS;

    @Override
    public Mono<Assistant> create(TenantId tenant, AssistantSpec spec) {
        return Mono.defer(() -> database.one(
                CREATE,
                AssistantRows::assistant,
                tenant.value(),
                AssistantId.fresh().value(),
                JsonText.of(spec),
                JsonText.of(spec.metadata())));
    }

    private static final String FIND = "select" + AssistantRows.COLUMNS + """
              from assistants a
             where a.tenant_id = $1 and a.id = $2
            """;

    @Override
    public Mono<Assistant> find(TenantId tenant, AssistantId assistant) {
        return database.one(FIND, AssistantRows::assistant, tenant.value(), assistant.value())
                .switchIfEmpty(notFound(assistant));
    }

    @Override
    public Mono<Page<Assistant>> list(TenantId tenant, PageRequest<AssistantId> request) {
        return Window.of(request, cursor -> ordinal(tenant, cursor))
                .flatMap(window -> rows(tenant, window).map(window::page));
    }

    private static final String ORDINAL = """
            select a.ordinal
              from assistants a
             where a.tenant_id = $1 and a.id = $2
            """;

    private Mono<Long> ordinal(TenantId tenant, AssistantId cursor) {
        return database.one(ORDINAL, row -> Column.of(row, "ordinal", Long.class), tenant.value(), cursor.value())
                .switchIfEmpty(notFound(cursor));
    }

    private static final String PAGE = "select" + AssistantRows.COLUMNS + """
              from assistants a
             where a.tenant_id = $1 and a.ordinal > $2 and a.ordinal < $3
             order by a.ordinal %s
             limit $4
            """;

    private Mono<List<Assistant>> rows(TenantId tenant, Window<Long> window) {
        return database.list(
                PAGE.formatted(window.direction()),
                AssistantRows::assistant,
                tenant.value(),
                window.low().orElse(0L),
                window.high().orElse(Long.MAX_VALUE),
                window.rows());
    }

    @Override
    public Mono<Assistant> change(TenantId tenant, AssistantId assistant, UnaryOperator<AssistantSpec> change) {
        return database.inTransaction(session -> locked(session, tenant, assistant)
                .map(Assistant::spec)
                .map(change)
                .flatMap(changed -> changed(session, tenant, assistant, changed)));
    }

    private static final String LOCK = FIND + "   for no key update";

    private static Mono<Assistant> locked(Session session, TenantId tenant, AssistantId assistant) {
        return session.one(LOCK, AssistantRows::assistant, tenant.value(), assistant.value())
                .switchIfEmpty(notFound(assistant));
    }

    private static final String CHANGE = """
            update assistants a
               set spec = $3::jsonb, metadata = $4::jsonb, version = a.version + 1
             where a.tenant_id = $1 and a.id = $2
            returning""" + AssistantRows.COLUMNS;

    private static Mono<Assistant> changed(
            Session session, TenantId tenant, AssistantId assistant, AssistantSpec spec) {
        return session.one(
                CHANGE,
                AssistantRows::assistant,
                tenant.value(),
                assistant.value(),
                JsonText.of(spec),
                JsonText.of(spec.metadata()));
    }

    private static final String DELETE = """
            delete from assistants a
             where a.tenant_id = $1 and a.id = $2
            returning a.id
            """;

    @Override
    public Mono<Void> delete(TenantId tenant, AssistantId assistant) {
        return database.one(DELETE, row -> Column.of(row, "id", UUID.class), tenant.value(), assistant.value())
                .switchIfEmpty(notFound(assistant))
                .then();
    }

    private static <T> Mono<T> notFound(AssistantId assistant) {
        return Mono.error(() -> new ProblemException(new Problem.AssistantNotFound(assistant)));
    }
}
