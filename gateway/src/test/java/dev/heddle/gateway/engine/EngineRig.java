package dev.heddle.gateway.engine;

import dev.heddle.persistence.CallPairs;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Page;
import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.RunContext;
import dev.heddle.persistence.RunSpec;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One run, its items as its events imply them, a model that answers from a script, and tools. */
final class EngineRig implements Items, ToolCalls, ToolRunner, ModelClient {
    static final int CONTEXT_TOKENS = 10_000;
    private static final Comparator<StoredItem> BY_POSITION = Comparator.comparing(StoredItem::position);

    final RunKey run = new RunKey(new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()), 2, RunId.fresh());
    final List<StoredItem> stored = new ArrayList<>();
    final List<ModelCall> asked = new ArrayList<>();
    final List<Flux<ModelEvent>> answers = new ArrayList<>();
    final Map<String, Mono<String>> tools = new HashMap<>();
    final Map<CallId, Known> ledger = new HashMap<>();
    final List<Call> made = new ArrayList<>();
    boolean idempotent;
    private final RunSpec spec;

    EngineRig(RunSpec spec) {
        this.spec = spec;
        question("What is the weather?");
    }

    EngineRig question(String text) {
        stored.add(new StoredItem(
                ItemId.fresh(),
                run.thread().id(),
                new Position(1, stored.size()),
                Optional.empty(),
                ItemStatus.COMPLETED,
                Item.Message.of(Role.USER, text),
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Map.of()));
        return this;
    }

    EngineRig answers(ModelEvent... events) {
        answers.add(Flux.just(events));
        return this;
    }

    /** The work from its beginning, or behind what is stored. */
    Flux<RunEvent> work() {
        return new RunEngine(parts()).events(new RunWork.StartedRun(run, 7));
    }

    /** A token is a word. */
    EngineParts parts() {
        return new EngineParts(
                this,
                this,
                this,
                this,
                (_, text) -> text.isEmpty() ? 0 : text.split(" ").length,
                CONTEXT_TOKENS,
                Schedulers.immediate());
    }

    /** All it says; what it closes is stored, as its lane would have it. */
    List<RunEvent> says() {
        List<RunEvent> events = work().collectList().block();
        store(events);
        return events;
    }

    /** Every legal run folds. */
    static OpenRun fold(List<RunEvent> events) {
        var open = new OpenRun().add(new RunEvent.Admitted()).add(new RunEvent.Started(Instant.EPOCH));
        events.forEach(open::add);
        return open;
    }

    void store(List<RunEvent> events) {
        var calls = new HashMap<Integer, Integer>();
        for (RunEvent event : events) {
            switch (event) {
                case RunEvent.ItemOpened opened -> calls.put(opened.outputIndex(), opened.modelCall());
                case RunEvent.ItemClosed closed -> store(closed, calls.get(closed.outputIndex()));
                default -> {}
            }
        }
    }

    private void store(RunEvent.ItemClosed closed, int modelCall) {
        stored.add(new StoredItem(
                closed.item(),
                run.thread().id(),
                new Position(run.turn(), closed.outputIndex()),
                Optional.of(new StoredItem.Output(run.id(), Optional.empty(), modelCall, closed.usage())),
                closed.status(),
                closed.end(),
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Map.of()));
    }

    /** The client brings the outputs of these calls. */
    void submit(List<Item.FunctionCall> calls, int modelCall, String output) {
        for (Item.FunctionCall call : calls) {
            int index = (int)
                    stored.stream().filter(item -> item.output().isPresent()).count();
            var answer = new Item.FunctionCallOutput(call.call(), output);
            store(new RunEvent.ItemClosed(index, ItemId.fresh(), ItemStatus.COMPLETED, answer, Usage.NONE), modelCall);
        }
    }

    @Override
    public EngineRig repeatable(RequestKey key) {
        throw new UnsupportedOperationException("No engine asks for it");
    }

    @Override
    public Flux<ModelEvent> events(ModelCall call) {
        asked.add(call);
        return answers.get(asked.size() - 1);
    }

    @Override
    public Optional<ServerTool> find(String name) {
        var definition = new FunctionTool(name, "of the server", "{\"type\":\"object\"}", null);
        return Optional.ofNullable(tools.get(name)).map(_ -> new ServerTool(definition, idempotent));
    }

    @Override
    public Mono<String> output(Call call) {
        return Mono.defer(() -> {
            made.add(call);
            return tools.get(call.tool());
        });
    }

    @Override
    public Mono<Known> begin(RunKey of, CallId call, String tool) {
        return Mono.fromSupplier(() -> {
            Known known = ledger.getOrDefault(call, new Known.New());
            ledger.putIfAbsent(call, new Known.Begun());
            return known;
        });
    }

    @Override
    public Mono<Void> end(RunKey of, CallId call, String output) {
        return Mono.fromRunnable(() -> ledger.put(call, new Known.Ended(output)));
    }

    @Override
    public Mono<RunContext> context(RunKey of, long startedSeq) {
        return Mono.fromSupplier(
                () -> new RunContext(spec, stored.stream().sorted(BY_POSITION).toList()));
    }

    @Override
    public Mono<Page<StoredItem>> all(ThreadKey thread, PageRequest<ItemId> request) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<Page<StoredItem>> inputs(RunKey run, PageRequest<ItemId> request) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<List<StoredItem>> findAll(TenantId tenant, List<ItemId> items) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<List<StoredItem>> history(ThreadKey thread, long turn) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<List<StoredItem>> madeBy(ThreadKey thread, RequestKey key) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<List<StoredItem>> history(RunKey parent) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<CallPairs> calls(RunKey parent) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<CallPairs> calls(ThreadKey thread, long turn) {
        throw new UnsupportedOperationException("The engine asks for none of this");
    }

    @Override
    public Mono<StoredItem> find(ThreadKey thread, ItemId item) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Page<StoredItem>> messages(ThreadKey thread, Optional<RunId> by, PageRequest<ItemId> request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<List<StoredItem>> outputs(RunKey of) {
        return Mono.fromSupplier(() -> stored.stream()
                .filter(item -> item.isOutputOf(run.id()))
                .sorted(BY_POSITION)
                .toList());
    }

    @Override
    public Mono<StoredItem> replaceMetadata(ThreadKey thread, ItemId item, Map<String, Object> metadata) {
        throw new UnsupportedOperationException();
    }
}
