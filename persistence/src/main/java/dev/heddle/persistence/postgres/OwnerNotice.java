package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ThreadKey;
import reactor.core.publisher.Mono;

/** Tells the owner of a locked thread that this transaction changes the thread itself. */
final class OwnerNotice {
    private static final String TELL = """
            insert into thread_inbox (tenant_id, thread_id, kind, payload)
            values ($1, $2, 'changed', $3::jsonb)
            """;

    private OwnerNotice() {}

    static Mono<Void> tell(Session session, ThreadKey thread, ThreadEvent change) {
        return Mono.defer(() -> session.change(
                        TELL, thread.tenant().value(), thread.id().value(), JsonText.of(change)))
                .then();
    }
}
