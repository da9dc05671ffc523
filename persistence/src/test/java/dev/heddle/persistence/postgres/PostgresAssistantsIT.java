package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.streaming.run.AssistantId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Flux;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresAssistantsIT {
    private static final TenantId TENANT = TenantId.DEFAULT;
    private static final AssistantSpec ADA = new AssistantSpec(
            "demo",
            "Ada",
            null,
            "Be brief.",
            new ModelOptions(0.5, null, 9, null, null),
            List.of(),
            null,
            Map.of("count", 0));

    private StoredRows rows;
    private PostgresAssistants assistants;

    @BeforeAll
    void start() {
        rows = new StoredRows(8);
        assistants = new PostgresAssistants(rows.database());
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void anAssistantIsFoundAsItWasCreated() {
        var created = assistants.create(TENANT, ADA).block();

        assertThat(created.version()).isEqualTo(1);
        assertThat(created.spec()).isEqualTo(ADA);
        assertThat(assistants.find(TENANT, created.id()).block()).isEqualTo(created);
    }

    @Test
    void oneCreationSubscribedToTwiceMakesTwoAssistants() {
        var creation = assistants.create(TENANT, ADA);

        assertThat(creation.block().id()).isNotEqualTo(creation.block().id());
    }

    @Test
    void aChangeReplacesTheSpecAndCountsAVersion() {
        var created = assistants.create(TENANT, ADA).block();

        var changed = assistants
                .change(TENANT, created.id(), spec -> withCount(spec, 5))
                .block();

        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.createdAt()).isEqualTo(created.createdAt());
        assertThat(changed.spec()).isEqualTo(withCount(ADA, 5));
        assertThat(assistants.find(TENANT, created.id()).block()).isEqualTo(changed);
    }

    @Test
    void changesAtOnceFollowOneAnother() {
        var created = assistants.create(TENANT, ADA).block();
        var oneMore = assistants.change(TENANT, created.id(), spec -> withCount(spec, count(spec) + 1));

        Flux.range(0, 40).flatMap(_ -> oneMore, 8).blockLast(); // In any order: each adds one.

        var changed = assistants.find(TENANT, created.id()).block();
        assertThat(changed.version()).isEqualTo(41);
        assertThat(count(changed.spec())).isEqualTo(40);
    }

    @Test
    void aChangeThatFailsLeavesTheAssistantAsItWas() {
        var created = assistants.create(TENANT, ADA).block();
        var failing = assistants.change(TENANT, created.id(), _ -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(failing::block).hasMessage("no");
        assertThat(assistants.find(TENANT, created.id()).block()).isEqualTo(created);
        assertThat(assistants.change(TENANT, created.id(), spec -> spec).block().version())
                .isEqualTo(2);
    }

    @Test
    void aDeletedAssistantIsNotFound() {
        var id = assistants.create(TENANT, ADA).block().id();
        var gone = new Problem.AssistantNotFound(id);

        assistants.delete(TENANT, id).block();

        assertProblem(assistants.find(TENANT, id), gone);
        assertProblem(assistants.change(TENANT, id, spec -> spec), gone);
        assertProblem(assistants.list(TENANT, after(id)), gone);
        assertProblem(assistants.delete(TENANT, id), gone);
    }

    @Test
    void aTenantWithoutAssistantsHasAnEmptyList() {
        var page = assistants
                .list(
                        new TenantId("nobody"),
                        new PageRequest<>(20, Order.DESCENDING, Optional.empty(), Optional.empty()))
                .block();

        assertThat(page.data()).isEmpty();
        assertThat(page.hasMore()).isFalse();
    }

    private static AssistantSpec withCount(AssistantSpec spec, int count) {
        return new AssistantSpec(
                spec.model(),
                spec.name(),
                spec.description(),
                spec.instructions(),
                spec.options(),
                spec.tools(),
                spec.strategy(),
                Map.of("count", count));
    }

    private static int count(AssistantSpec spec) {
        return (int) spec.metadata().get("count");
    }

    private static PageRequest<AssistantId> after(AssistantId cursor) {
        return new PageRequest<>(20, Order.DESCENDING, Optional.of(cursor), Optional.empty());
    }
}
