package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.run.ThreadId;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Carries out a group of appends and finds out what became of each. Whatever happens to the connection, the identical
 * group is sent again until the database has answered: what was committed without a word is recognised by its batch id.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Retry UNTIL_ANSWERED = Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
            .maxBackoff(Duration.ofSeconds(2))
            .filter(Committer::isPassing)
            .doBeforeRetry(retry ->
                    LOG.warn("An append is sent again: {}", retry.failure().toString()));

    private static final AppendOutcome STORED = new AppendOutcome.Stored();

    private final Database database;

    Committer(Database database) {
        this.database = database;
    }

    /** One outcome for each append, in their order. Of each thread one append at most. */
    Mono<List<AppendOutcome>> commit(List<Append> group) {
        return Mono.fromCallable(() -> new Batch(group))
                .map(batch -> store(group, batch))
                .onErrorResume(unspeakable -> Mono.just(oneByOne(group, unspeakable)))
                .flatMap(outcomes -> outcomes);
    }

    private Mono<List<AppendOutcome>> store(List<Append> group, Batch batch) {
        return AppendStatement.execute(database, batch)
                .retryWhen(UNTIL_ANSWERED)
                .flatMap(leftOut -> outcomes(group, leftOut))
                .onErrorResume(Committer::isBadData, error -> oneByOne(group, error));
    }

    private Mono<List<AppendOutcome>> outcomes(List<Append> group, Set<ThreadId> leftOut) {
        return leftOut.isEmpty()
                ? Mono.just(Collections.nCopies(group.size(), STORED))
                : Flux.fromIterable(group)
                        .concatMap(append ->
                                leftOut.contains(append.thread().id()) ? outcomeOf(append) : Mono.just(STORED))
                        .collectList();
    }

    /** One thread's bad data must not fail the others: each gets a transaction of its own. */
    private Mono<List<AppendOutcome>> oneByOne(List<Append> group, Throwable error) {
        return group.size() == 1
                ? Mono.just(List.of(new AppendOutcome.Refused(error.toString())))
                : Flux.fromIterable(group)
                        .concatMap(append -> commit(List.of(append)).map(List::getFirst))
                        .collectList();
    }

    private static final String AT_THE_SAME_PLACE = """
            select (select batch_id from event_log
                     where tenant_id = $1 and thread_id = $2 and first_seq = $3) as batch_id,
                   (select last_seq from event_log
                     where tenant_id = $1 and thread_id = $2 order by first_seq desc limit 1) as head,
                   (select owner_epoch from threads
                     where tenant_id = $1 and id = $2) as owner_epoch
            """;

    /** Why an append left no row now: look what stands in its place. */
    private Mono<AppendOutcome> outcomeOf(Append append) {
        return database.one(
                        AT_THE_SAME_PLACE,
                        row -> outcome(append, row),
                        append.thread().tenant().value(),
                        append.thread().id().value(),
                        append.firstSeq())
                .retryWhen(UNTIL_ANSWERED);
    }

    private static AppendOutcome outcome(Append append, Readable row) {
        if (append.batch().equals(row.get("batch_id", UUID.class))) {
            return STORED;
        }
        @Nullable Long ownerEpoch = row.get("owner_epoch", Long.class);
        if (ownerEpoch == null || ownerEpoch > append.epoch()) {
            return new AppendOutcome.Fenced();
        }
        @Nullable Long last = row.get("head", Long.class);
        long head = last == null ? 0 : last;
        return head + 1 == append.firstSeq()
                ? new AppendOutcome.Refused("one of its runs does not exist")
                : new AppendOutcome.Moved(head);
    }

    /** The database cannot take the data, however often it is sent. */
    private static boolean isBadData(Throwable error) {
        return isOfClass(error, "21") || isOfClass(error, "22") || isOfClass(error, "23") || isOfClass(error, "54");
    }

    /** The connection or the moment is bad, not the data: lost or refused connections, shutdown, deadlock, resources. */
    private static boolean isPassing(Throwable error) {
        return !isBadData(error) && !isOfClass(error, "42") && !(error instanceof RuntimeException bug && isBug(bug));
    }

    private static boolean isBug(RuntimeException error) {
        return !(error instanceof R2dbcException);
    }

    private static boolean isOfClass(Throwable error, String sqlStateClass) {
        return error instanceof R2dbcException exception
                && exception.getSqlState() != null
                && exception.getSqlState().startsWith(sqlStateClass);
    }
}
