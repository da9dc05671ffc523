package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.PageRequest.Order;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresItemsIT {
    private StoredRows rows;
    private PostgresItems items;

    @BeforeAll
    void start() {
        rows = new StoredRows(4);
        items = rows.items();
    }

    @AfterAll
    void stop() {
        rows.close();
    }

    @Test
    void anOutputTellsWhatMadeIt() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 4, 1);
        var output = rows.output(run, 1);

        var found = items.find(run.thread(), output).block();

        assertThat(found.id()).isEqualTo(output);
        assertThat(found.thread()).isEqualTo(run.thread().id());
        assertThat(found.position()).isEqualTo(new Position(4, 1));
        assertThat(found.output())
                .contains(new StoredItem.Output(run.id(), Optional.of(StoredRows.ASSISTANT), 1, new Usage(5, 6)));
        assertThat(found.status()).isEqualTo(ItemStatus.COMPLETED);
        assertThat(found.item()).isEqualTo(Item.Message.of(Role.ASSISTANT, "4.1"));
        assertThat(found.endedAt()).isPresent();
    }

    @Test
    void anInputOfARunIsNoOutput() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 4, 1);

        assertThat(items.find(run.thread(), rows.input(run, 0)).block().output())
                .isEmpty();
    }

    @Test
    void anOutputOfARunWithoutAssistantHasNone() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var output = rows.output(run, 0);
        rows.change(
                "update runs set spec = spec - 'assistant' where id = $1",
                run.id().value());

        assertThat(items.find(run.thread(), output).block().output())
                .contains(new StoredItem.Output(run.id(), Optional.empty(), 1, new Usage(5, 6)));
    }

    @Test
    void messagesAreListedByPositionAndNotByTheOrderInWhichTheyWereStored() {
        var thread = rows.thread(TenantId.DEFAULT);
        var late = rows.message(thread, 3, Optional.empty());
        var run = rows.run(thread, 2, 1);
        var answer = rows.output(run, 1);
        var input = rows.input(run, 0);
        var early = rows.message(thread, 1, Optional.of(run.id()));

        var ascending = items.messages(thread, Optional.empty(), all(Order.ASCENDING));
        var descending = items.messages(thread, Optional.empty(), all(Order.DESCENDING));

        assertThat(ascending.block().data()).extracting(StoredItem::id).containsExactly(early, input, answer, late);
        assertThat(descending.block().data()).extracting(StoredItem::id).containsExactly(late, answer, input, early);
    }

    @Test
    void theMessagesAndOutputsOfARunAreThoseItProduced() {
        var thread = rows.thread(TenantId.DEFAULT);
        var run = rows.run(thread, 1, 1);
        var other = rows.run(thread, 2, 0);
        rows.input(run, 0);
        rows.output(other, 0);
        var first = rows.output(run, 1);
        var second = rows.output(run, 2);

        var messages = items.messages(thread, Optional.of(run.id()), all(Order.ASCENDING));
        var outputs = items.outputs(run);

        assertThat(messages.block().data()).extracting(StoredItem::id).containsExactly(first, second);
        assertThat(outputs.block()).extracting(StoredItem::id).containsExactly(first, second);
    }

    @Test
    void aCursorMustNameAnItemOfTheList() {
        var thread = rows.thread(TenantId.DEFAULT);
        var run = rows.run(thread, 1, 1);
        var input = rows.input(run, 0);
        var output = rows.output(run, 1);
        var elsewhere = rows.message(rows.thread(TenantId.DEFAULT), 1, Optional.empty());

        assertProblem(items.messages(thread, Optional.empty(), after(elsewhere)), notFound(elsewhere));
        assertProblem(items.messages(thread, Optional.empty(), between(output, elsewhere)), notFound(elsewhere));
        assertProblem(items.messages(thread, Optional.of(run.id()), after(input)), notFound(input));
        assertThat(items.messages(thread, Optional.of(run.id()), after(output))
                        .block()
                        .data())
                .isEmpty();
    }

    @Test
    void metadataAreReplacedAsAWhole() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var output = rows.output(run, 0);
        items.replaceMetadata(run.thread(), output, Map.of("a", "1")).block();

        var replaced =
                items.replaceMetadata(run.thread(), output, Map.of("b", "2")).block();

        assertThat(replaced.metadata()).isEqualTo(Map.of("b", "2"));
        assertThat(items.find(run.thread(), output).block()).isEqualTo(replaced);
    }

    @Test
    void whatIsEmptyIsToldFromWhatIsNotThere() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var unknown = new RunKey(run.thread(), 1, RunId.fresh());

        assertThat(items.messages(run.thread(), Optional.empty(), all(Order.ASCENDING))
                        .block())
                .isEqualTo(new Page<StoredItem>(List.of(), false));
        assertThat(items.messages(run.thread(), Optional.of(unknown.id()), all(Order.ASCENDING))
                        .block()
                        .data())
                .isEmpty();
        assertThat(items.outputs(run).block()).isEmpty();
        assertThat(items.context(run, 2).map(RunContext::items).block()).isEmpty();
        assertProblem(items.outputs(unknown), new Problem.RunNotFound(unknown.id()));
        assertProblem(items.context(unknown, 2), new Problem.RunNotFound(unknown.id()));
    }

    @Test
    void theItemsOfADeletedThreadAreNotThereBecauseTheThreadIsNot() {
        var run = rows.run(rows.thread(TenantId.DEFAULT), 1, 0);
        var output = rows.output(run, 0);
        var deleted = new Problem.ThreadNotFound(run.thread().id());
        rows.delete(run.thread());

        assertProblem(items.find(run.thread(), output), deleted);
        assertProblem(items.messages(run.thread(), Optional.empty(), all(Order.ASCENDING)), deleted);
        assertProblem(items.messages(run.thread(), Optional.empty(), after(output)), deleted);
        assertProblem(items.messages(run.thread(), Optional.of(run.id()), all(Order.ASCENDING)), deleted);
        assertProblem(items.outputs(run), deleted);
        assertProblem(items.replaceMetadata(run.thread(), output, Map.of()), deleted);
        assertProblem(items.context(run, 2), deleted);
    }

    @Test
    void anItemOfAnotherThreadIsNotFound() {
        var item = rows.message(rows.thread(TenantId.DEFAULT), 1, Optional.empty());
        var thread = rows.thread(TenantId.DEFAULT);

        assertProblem(items.find(thread, item), notFound(item));
        assertProblem(items.replaceMetadata(thread, item, Map.of()), notFound(item));
    }

    private static Problem notFound(ItemId item) {
        return new Problem.ItemNotFound(item);
    }

    private static PageRequest<ItemId> all(Order order) {
        return new PageRequest<>(100, order, Optional.empty(), Optional.empty());
    }

    private static PageRequest<ItemId> after(ItemId cursor) {
        return new PageRequest<>(100, Order.ASCENDING, Optional.of(cursor), Optional.empty());
    }

    private static PageRequest<ItemId> between(ItemId after, ItemId before) {
        return new PageRequest<>(100, Order.ASCENDING, Optional.of(after), Optional.of(before));
    }
}
