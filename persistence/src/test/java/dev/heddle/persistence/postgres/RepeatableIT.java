package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.PostgresRequests.newRun;
import static dev.heddle.persistence.postgres.PostgresRequests.newThread;
import static dev.heddle.persistence.postgres.PostgresRequests.userSays;
import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.calls;
import static dev.heddle.streaming.run.TestRuns.life;
import static dev.heddle.streaming.run.TestRuns.paused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.persistence.Chain;
import dev.heddle.persistence.FirstRun;
import dev.heddle.persistence.NewItem;
import dev.heddle.persistence.RequestKey;
import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import dev.heddle.persistence.ThreadChange;
import dev.heddle.persistence.WhileActive;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** What is asked for twice with one key is done once, and answered twice. */
class RepeatableIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final Item.FunctionCall FIRST = call("{\"q\":1}");
    private static final Item.FunctionCall SECOND = call("{\"q\":2}");

    private final Admission admission = POSTGRES.admission();
    private final PostgresThreads threads = new PostgresThreads(POSTGRES.database());
    private final PostgresRuns runs = new PostgresRuns(POSTGRES.database(), threads);
    private final PostgresItems items = new PostgresItems(POSTGRES.database(), threads, runs);
    private final PostgresAssistants assistants = new PostgresAssistants(POSTGRES.database());
    private final RequestKey key = new RequestKey(UUID.randomUUID().toString(), "POST", "/v1/some/path", "cafe");
    private final ThreadKey thread = REQUESTS.newThread();
    private final ThreadKey otherThread = REQUESTS.newThread();
    private final RunKey ended = endedRun();
    private final TestWriter owner = new TestWriter(POSTGRES.log(), thread, 0);

    enum Asked {
        THREAD,
        THREAD_AND_RUN,
        RUN,
        CHAIN,
        BRANCH,
        MESSAGE,
        ITEMS,
        OUTPUTS,
        STOP,
        FORK,
        IMPORT
    }

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAskedOfAThreadTwiceIsDoneOnce(Asked asked) {
        RunKey run = pausedRun();
        REQUESTS.addMessage(thread, "Settled: forks and imports copy it");
        Supplier<Mono<?>> request = () -> ask(asked, run);

        Object first = request.get().block(PATIENCE);
        var stored = rowCounts();
        Object again = request.get().block(PATIENCE);

        assertThat(Made.of(again)).isEqualTo(Made.of(first));
        assertThat(rowCounts()).isEqualTo(stored);
    }

    /** As a facade does: every repetition is a new wish, with new ids. */
    private Mono<?> ask(Asked asked, RunKey run) {
        Admission repeatable = admission.repeatable(key);
        return switch (asked) {
            case THREAD -> repeatable.createThread(TenantId.DEFAULT, newThread(List.of(userSays("one"))));
            case THREAD_AND_RUN ->
                repeatable
                        .createThreadAndRun(
                                TenantId.DEFAULT, newThread(List.of(userSays("one"))), newRun(Strategy.CONCURRENT))
                        .map(FirstRun::run);
            case RUN -> repeatable.admit(thread, newRun(Strategy.CONCURRENT, userSays("two")));
            case CHAIN -> repeatable.chain(chain(true), newRun(Strategy.CONCURRENT, userSays("next")));
            case BRANCH -> repeatable.chain(chain(false), newRun(Strategy.CONCURRENT, userSays("next")));
            case ITEMS ->
                repeatable.addItems(thread, List.of(userSays("a"), userSays("b"), userSays("c")), WhileActive.ALLOW);
            case MESSAGE -> repeatable.addMessage(thread, userSays("three"), WhileActive.ALLOW);
            case OUTPUTS -> repeatable.submitOutputs(thread, run.id(), List.of(output(FIRST)));
            case STOP -> repeatable.stop(thread, run.id(), StopCause.CLIENT);
            case FORK -> repeatable.fork(thread, newThread(List.of(userSays("four"))));
            case IMPORT -> repeatable.importTurns(thread, otherThread);
        };
    }

    private Chain chain(boolean stays) {
        return new Chain(ended, stays, newThread(List.of(userSays("five"))));
    }

    @Test
    void itemsThatWereAddedTogetherAreAnsweredTogetherButForThoseDeletedSince() {
        List<NewItem> asked = List.of(userSays("a"), NewItem.of(output(FIRST)), userSays("c"));
        var added = admission
                .repeatable(key)
                .addItems(thread, asked, WhileActive.ALLOW)
                .block(PATIENCE);
        REQUESTS.addMessage(thread, "behind");

        assertThat(addedAgain(asked)).isEqualTo(added);
        admission.deleteItem(thread, added.get(0).id()).block(PATIENCE);
        assertThat(addedAgain(asked)).isEqualTo(added.subList(1, 3));
        admission.deleteItem(thread, added.get(1).id()).block(PATIENCE);
        admission.deleteItem(thread, added.get(2).id()).block(PATIENCE);
        assertProblem(
                admission.repeatable(key).addItems(thread, asked, WhileActive.ALLOW),
                new Problem.ItemNotFound(added.getFirst().id()));
    }

    private List<StoredItem> addedAgain(List<NewItem> asked) {
        return admission
                .repeatable(key)
                .addItems(thread, asked, WhileActive.ALLOW)
                .block(PATIENCE);
    }

    @Test
    void changesAskedForTwiceAreMadeOnce() {
        RunKey run = REQUESTS.admit(thread, Strategy.CONCURRENT);
        ItemId message = REQUESTS.addMessage(thread, "Hello");
        Map<String, Object> ours = Map.of("by", "us");
        Map<String, Object> later = Map.of("by", "others");

        for (int i = 0; i < 2; i++) {
            var change = new ThreadChange(Optional.of(ours), Optional.empty());
            var changed = threads.repeatable(named("t")).change(thread, change).block(PATIENCE);
            var modified = runs.repeatable(named("r"))
                    .replaceMetadata(thread, run.id(), ours)
                    .block(PATIENCE);
            var replaced = items.repeatable(named("i"))
                    .replaceMetadata(thread, message, ours)
                    .block(PATIENCE);

            assertThat(List.of(changed.metadata(), modified.metadata(), replaced.metadata()))
                    .containsOnly(i == 0 ? ours : later);

            threads.change(thread, new ThreadChange(Optional.of(later), Optional.empty()))
                    .block(PATIENCE);
            runs.replaceMetadata(thread, run.id(), later).block(PATIENCE);
            items.replaceMetadata(thread, message, later).block(PATIENCE);
        }
    }

    @Test
    void anAssistantIsCreatedOnceAndChangedOnce() {
        var spec = new AssistantSpec("demo", "Ada", null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of());

        var created = assistants.repeatable(key).create(TenantId.DEFAULT, spec).block(PATIENCE);
        assertThat(assistants.repeatable(key).create(TenantId.DEFAULT, spec).block(PATIENCE))
                .isEqualTo(created);

        for (int i = 0; i < 2; i++) {
            var changed = assistants
                    .repeatable(named("change"))
                    .change(TenantId.DEFAULT, created.id(), given -> given)
                    .block(PATIENCE);
            assertThat(changed.version()).isEqualTo(2);
        }
    }

    @Test
    void outputsBroughtTwiceAreFollowedFromTheSamePauseWhateverTheRunWaitsForNow() {
        RunKey run = pausedRun();
        StoredRun first = submit(run);
        assertThat(first.requiredAction()).contains(new StoredRun.RequiredAction(pause(first), List.of(FIRST)));

        StoredRun waiting = submit(run);
        goOnToTheNextPause(run);
        StoredRun paused = submit(run);

        assertThat(waiting.requiredAction()).contains(new StoredRun.RequiredAction(pause(first), List.of()));
        assertThat(paused.status()).isEqualTo(RunStatus.REQUIRES_ACTION);
        assertThat(paused.requiredAction()).contains(new StoredRun.RequiredAction(pause(first), List.of(SECOND)));
    }

    @Test
    void theRunOfAKeyIsFoundBeforeAnythingElseIsLookedAt() {
        assertThat(runs.madeBy(TenantId.DEFAULT, key).blockOptional(PATIENCE)).isEmpty();

        StoredRun run = admission
                .repeatable(key)
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE);

        assertThat(runs.madeBy(TenantId.DEFAULT, key).block(PATIENCE)).isEqualTo(run);
        assertThat(runs.madeBy(new TenantId("foreign"), key).blockOptional(PATIENCE))
                .isEmpty();
        assertProblem(
                runs.madeBy(TenantId.DEFAULT, new RequestKey(key.key(), "POST", "/v1/some/path", "other")),
                new Problem.KeyReused(key.key()));
    }

    @Test
    void aRunThatWasWithdrawnSinceIsStillTheAnswer() {
        StoredRun run = admission
                .repeatable(key)
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE);
        REQUESTS.admit(thread, Strategy.ROLLBACK);

        StoredRun again = admission
                .repeatable(key)
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE);

        assertThat(again.key()).isEqualTo(run.key());
        assertThat(again.status()).isEqualTo(RunStatus.CANCELLING);
    }

    @Test
    void whatWasDeletedSinceIsNotMadeAgain() {
        admission
                .repeatable(key)
                .addMessage(thread, userSays("Hello"), WhileActive.ALLOW)
                .block(PATIENCE);
        admission
                .repeatable(named("run"))
                .admit(thread, newRun(Strategy.CONCURRENT))
                .block(PATIENCE);
        admission.deleteThread(thread).block(PATIENCE);

        assertProblem(
                admission.repeatable(key).addMessage(thread, userSays("Hello"), WhileActive.ALLOW),
                new Problem.ThreadNotFound(thread.id()));
        assertThat(POSTGRES.value(
                        "select count(*) from items where thread_id = ?",
                        thread.id().value()))
                .isEqualTo(1L);
    }

    /** On a thread of its own. */
    private static RunKey endedRun() {
        RunKey run = REQUESTS.admit(REQUESTS.newThread(), Strategy.CONCURRENT);
        new TestWriter(POSTGRES.log(), run.thread(), 0).store(run, life("said"));
        return run;
    }

    private RunKey pausedRun() {
        RunKey run = REQUESTS.admit(thread, Strategy.CONCURRENT);
        owner.store(run, paused(EXPIRES_AT, FIRST));
        return run;
    }

    private StoredRun submit(RunKey run) {
        return admission
                .repeatable(key)
                .submitOutputs(run.thread(), run.id(), List.of(output(FIRST)))
                .block(PATIENCE);
    }

    private void goOnToTheNextPause(RunKey run) {
        var events = new ArrayList<RunEvent>();
        events.add(new RunEvent.Resumed());
        events.addAll(calls(1, 1, SECOND));
        events.add(new RunEvent.ActionRequired(List.of(SECOND)));
        POSTGRES.rows(
                "delete from thread_inbox where thread_id = ?", thread.id().value());
        owner.store(run, events.toArray(RunEvent[]::new));
    }

    private static long pause(StoredRun run) {
        return run.requiredAction().orElseThrow().runSeq();
    }

    private static Item.FunctionCallOutput output(Item.FunctionCall call) {
        return new Item.FunctionCallOutput(call.call(), "42");
    }

    private RequestKey named(String name) {
        return new RequestKey(key.key() + name, "POST", "/v1/" + name, "cafe");
    }

    private static List<Object> rowCounts() {
        return List.of(
                POSTGRES.value("select count(*) from threads"),
                POSTGRES.value("select count(*) from turns"),
                POSTGRES.value("select count(*) from runs"),
                POSTGRES.value("select count(*) from items"),
                POSTGRES.value("select count(*) from thread_inbox"),
                POSTGRES.value("select count(*) from idempotency_keys"));
    }
}
