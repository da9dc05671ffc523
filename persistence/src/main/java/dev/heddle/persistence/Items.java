package dev.heddle.persistence;

import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The items of a thread by position. What is not there is an {@code ItemNotFound} problem. */
public interface Items {
    /** The same for one request that may be repeated, as {@link Admission#repeatable}. */
    Items repeatable(RequestKey key);

    /** What a request with this key has added to the thread, as it is now; empty when no request has used it. */
    Mono<List<StoredItem>> madeBy(ThreadKey thread, RequestKey key);

    Mono<StoredItem> find(ThreadKey thread, ItemId item);

    /** The thread's messages, or those that one run produced. A cursor that names none is {@code ItemNotFound}. */
    Mono<Page<StoredItem>> messages(ThreadKey thread, Optional<RunId> producedBy, PageRequest<ItemId> request);

    /** Everything in the thread, of any kind. A cursor that names nothing of it is {@code ItemNotFound}. */
    Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request);

    /** What the run's request brought along. A cursor that names none of these is {@code ItemNotFound}. */
    Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request);

    /** Items of any of the tenant's threads, as many and in the order as they are named. */
    Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> items);

    /** What a run would see that is admitted behind {@code turn} of the thread and started now, but for its own. */
    Mono<List<StoredItem>> history(ThreadKey thread, long turn);

    /** The function calls in {@link #history}. Does not grow with what is no call. */
    Mono<CallPairs> calls(ThreadKey thread, long turn);

    /** What a run would see that goes on from this one, which has ended: what that one saw, and itself. */
    Mono<List<StoredItem>> history(RunKey parent);

    /** The function calls in that. Does not grow with what is no call. */
    Mono<CallPairs> calls(RunKey parent);

    /** Everything a run has produced, by position; deleted messages too, since its steps go on to tell of them. */
    Mono<List<StoredItem>> outputs(RunKey run);

    /** Replaces the metadata as a whole. */
    Mono<StoredItem> replaceMetadata(ThreadKey thread, ItemId item, Map<String, Object> metadata);

    /**
     * What the run is to do, and what a model call of it sees, by position: the items of turns settled before event
     * {@code startedSeq} of the thread's log, then those of the turns the run adopted and its own. A run with neither sees
     * every message turn. Of a run that is shown only the newest messages, these are the last turns of that, enough for
     * so many messages, and what is read does not grow with the turns before them.
     */
    Mono<RunContext> context(RunKey run, long startedSeq);
}
