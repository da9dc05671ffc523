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

/**
 * Marks an item of a locked thread as deleted. An item that is whole is never touched by the owner's appends.
 *
 * @param messageOnly whether anything but a message counts as not there
 */
record ItemDeletion(ThreadKey thread, ItemId item, boolean messageOnly) {
    private static final String DELETE = """
            update items
               set deleted_at = now()
             where tenant_id = $1 and thread_id = $2 and id = $3
            """;

    Mono<Void> execute(Session session) {
        return Look.atItem(session, thread, item)
                .flatMap(this::deletable)
                .delayUntil(found -> requireEnd(session, found))
                .flatMap(found -> delete(session, found));
    }

    private Mono<StoredItem> deletable(StoredItem found) {
        if (messageOnly && !(found.item() instanceof Item.Message)) {
            return Mono.error(new ProblemException(new Problem.ItemNotFound(item)));
        }
        return found.status() == ItemStatus.IN_PROGRESS
                ? Mono.error(new ProblemException(new Problem.ItemInProgress(item)))
                : Mono.just(found);
    }

    /** A run that goes on after a crash knows by its items how far it had come: one of them, a call or a text, must stay. */
    private Mono<Void> requireEnd(Session session, StoredItem found) {
        return Mono.justOrEmpty(found.output())
                .filter(_ -> !messageOnly)
                .flatMap(output -> Look.atAnyRun(session, thread, output.run()))
                .filter(run -> run.status().isActive())
                .<Void>flatMap(_ -> Mono.error(new ProblemException(new Problem.ItemInProgress(item))));
    }

    private Mono<Void> delete(Session session, StoredItem found) {
        return session.change(DELETE, thread.tenant().value(), thread.id().value(), item.value())
                .then(OwnerNotice.tell(
                        session,
                        thread,
                        new ThreadEvent.ItemDeleted(item, found.item().kind())));
    }

    private static final String IS_DELETED = """
            select id
              from items
             where tenant_id = $1 and thread_id = $2 and id = $3 and deleted_at is not null
            """;

    Mono<Boolean> wasDone(Session session) {
        return session.one(
                        IS_DELETED,
                        row -> Column.of(row, "id", UUID.class),
                        thread.tenant().value(),
                        thread.id().value(),
                        item.value())
                .hasElement();
    }
}
