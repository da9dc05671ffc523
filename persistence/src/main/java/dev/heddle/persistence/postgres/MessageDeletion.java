package dev.heddle.persistence.postgres;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadKey;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Marks a message of a locked thread as deleted. A message that is whole is never touched by the owner's appends. */
final class MessageDeletion {
    private static final String DELETE = """
            update items
               set deleted_at = now()
             where tenant_id = $1 and thread_id = $2 and id = $3
            """;

    private MessageDeletion() {}

    static Mono<Void> of(Session session, ThreadKey thread, ItemId message) {
        return Look.atItem(session, thread, message)
                .flatMap(MessageDeletion::deletable)
                .flatMap(_ -> session.change(
                        DELETE, thread.tenant().value(), thread.id().value(), message.value()))
                .then(OwnerNotice.tell(session, thread, new ThreadEvent.ItemDeleted(message, Item.Kind.MESSAGE)));
    }

    private static Mono<StoredItem> deletable(StoredItem item) {
        if (!(item.item() instanceof Item.Message)) {
            return Mono.error(new ProblemException(new Problem.ItemNotFound(item.id())));
        }
        return item.status() == ItemStatus.IN_PROGRESS
                ? Mono.error(new ProblemException(new Problem.ItemInProgress(item.id())))
                : Mono.just(item);
    }

    private static final String IS_DELETED = """
            select id
              from items
             where tenant_id = $1 and thread_id = $2 and id = $3 and deleted_at is not null
            """;

    static Mono<Boolean> wasOf(Session session, ThreadKey thread, ItemId message) {
        return session.one(
                        IS_DELETED,
                        row -> Column.of(row, "id", UUID.class),
                        thread.tenant().value(),
                        thread.id().value(),
                        message.value())
                .hasElement();
    }
}
