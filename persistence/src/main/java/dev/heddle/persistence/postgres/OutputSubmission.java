package dev.heddle.persistence.postgres;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.StoredRun.RequiredAction;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Outputs brought to a paused run of a locked thread.
 *
 * @param firstItem the id of the first item they become, made beforehand: it tells whether they were stored
 */
record OutputSubmission(ThreadKey thread, RunId run, List<Item.FunctionCallOutput> outputs, ItemId firstItem) {

    /** Puts them into the inbox, each with its place, or refuses them. */
    Mono<StoredRun> store(Session session) {
        return Look.atRun(session, thread, run)
                .flatMap(this::awaiting)
                .flatMap(this::answered)
                .flatMap(action -> places(session)
                        .flatMap(places -> insert(session, action, places))
                        .then(Look.atRun(session, thread, run))
                        .map(stored -> stored.thatRequired(action)));
    }

    private Mono<RequiredAction> awaiting(StoredRun stored) {
        return stored.status() == RunStatus.REQUIRES_ACTION
                ? Mono.justOrEmpty(stored.requiredAction())
                : Mono.error(new ProblemException(new Problem.NotAwaitingOutputs(run, stored.status())));
    }

    private Mono<RequiredAction> answered(RequiredAction action) {
        List<CallId> expected =
                action.calls().stream().map(Item.FunctionCall::call).toList();
        List<CallId> got = outputs.stream().map(Item.FunctionCallOutput::call).toList();
        return got.size() == expected.size() && Set.copyOf(got).equals(Set.copyOf(expected))
                ? Mono.just(action)
                : Mono.error(new ProblemException(new Problem.WrongOutputs(run, expected, got)));
    }

    private record Place(CallId call, int modelCall, int outputsSoFar) {}

    private static final String PLACES = """
            select i.item ->> 'call' as call, i.model_call,
                   (select count(*)
                      from items o
                     where o.tenant_id = $1 and o.thread_id = $2 and o.output_of = $3) as outputs_so_far
              from items i
             where i.tenant_id = $1 and i.thread_id = $2 and i.output_of = $3 and i.kind = 'function_call'
               and i.item ->> 'call' = any ($4::text[])
            """;

    private Mono<Map<CallId, Place>> places(Session session) {
        return session.list(
                        PLACES,
                        row -> new Place(
                                new CallId(Column.of(row, "call", String.class)),
                                Column.of(row, "model_call", Integer.class),
                                Column.of(row, "outputs_so_far", Long.class).intValue()),
                        thread.tenant().value(),
                        thread.id().value(),
                        run.value(),
                        callIds())
                .map(places -> places.stream().collect(toMap(Place::call, identity())));
    }

    private static final String INSERT = """
            insert into thread_inbox (tenant_id, thread_id, kind, run_id, payload)
            values ($1, $2, 'outputs', $3, $4::jsonb)
            """;

    private Mono<Long> insert(Session session, RequiredAction action, Map<CallId, Place> places) {
        return session.change(
                INSERT,
                thread.tenant().value(),
                thread.id().value(),
                run.value(),
                InboxJson.of(entries(action, places)));
    }

    private List<InboxEntry.Output> entries(RequiredAction action, Map<CallId, Place> places) {
        var byCall = outputs.stream().collect(toMap(Item.FunctionCallOutput::call, identity()));
        var entries = new ArrayList<InboxEntry.Output>();
        for (Item.FunctionCall call : action.calls()) {
            Place place = required(places, call.call());
            entries.add(new InboxEntry.Output(
                    place.outputsSoFar() + entries.size(),
                    entries.isEmpty() ? firstItem : ItemId.fresh(),
                    place.modelCall(),
                    required(byCall, call.call())));
        }
        return entries;
    }

    private static <T> T required(Map<CallId, T> byCall, CallId call) {
        T value = byCall.get(call);
        if (value == null) {
            throw new IllegalStateException("Nothing is known of the call " + call);
        }
        return value;
    }

    private static final String WAS_STORED = """
            select b.run_id
              from thread_inbox b
             where b.tenant_id = $1 and b.thread_id = $2 and b.run_id = $3 and b.kind = 'outputs'
               and b.payload -> 0 ->> 'id' = $4::text
            union all
            select i.output_of
              from items i
             where i.tenant_id = $1 and i.thread_id = $2 and i.output_of = $3 and i.id = $4::uuid
            """;

    /** The answer once more, when these very outputs were stored; whatever has become of the run since. */
    Mono<StoredRun> stored(Session session) {
        return session.one(
                        WAS_STORED,
                        row -> Column.of(row, "run_id", UUID.class),
                        thread.tenant().value(),
                        thread.id().value(),
                        run.value(),
                        firstItem.toString())
                .flatMap(_ -> requiredBefore(session))
                .flatMap(action -> Look.atAnyRun(session, thread, run).map(stored -> stored.thatRequired(action)));
    }

    private record Paused(long runSeq, Item.FunctionCall call) {}

    private static final String REQUIRED_BEFORE = """
            select r.paused_run_seq, i.item
              from runs r
              join items i on i.tenant_id = r.tenant_id and i.thread_id = r.thread_id and i.output_of = r.id
             where r.tenant_id = $1 and r.thread_id = $2 and r.id = $3 and i.kind = 'function_call'
               and i.item ->> 'call' = any ($4::text[])
             order by i.turn, i.item_index
            """;

    private Mono<RequiredAction> requiredBefore(Session session) {
        return session.list(
                        REQUIRED_BEFORE,
                        row -> new Paused(Column.of(row, "paused_run_seq", Long.class), (Item.FunctionCall)
                                JsonText.item(Column.of(row, "item", String.class))),
                        thread.tenant().value(),
                        thread.id().value(),
                        run.value(),
                        callIds())
                .map(paused -> new RequiredAction(
                        paused.getFirst().runSeq(),
                        paused.stream().map(Paused::call).toList()));
    }

    private String[] callIds() {
        return outputs.stream().map(output -> output.call().value()).toArray(String[]::new);
    }
}
