package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.TestRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that have not started, what they wait for, and how one is taken out. */
class QueueHandlerTests {
    private final Facade facade = Facade.open();
    private final String thread = facade.newThread();
    private final String queue = "/v1/threads/" + thread + "/queue";

    @Test
    void aThreadWithoutRunsHasAnEmptyQueue() {
        assertThat(facade.get(queue)).hasToString("{\"object\":\"list\",\"data\":[]}");
        facade.refused(404, GET, "/v1/threads/thread_000000000000000000000000/queue", "");
    }

    @Test
    void runsStandInTheOrderOfTheirTurnsAndSayWhatTheyWaitFor() {
        var working = start("concurrent");
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());
        var second = start("enqueue");
        var third = start("concurrent");

        var list = facade.get(queue);

        long created = facade.get("/v1/threads/" + thread + "/runs/" + second)
                .get("created_at")
                .longValue();
        assertThat(list.at("/data/0"))
                .hasToString("{\"run_id\":\"%s\",\"status\":\"queued\",\"place\":1,\"multitask_strategy\":\"enqueue\","
                                .formatted(second)
                        + "\"created_at\":%d,\"waiting_for\":{\"reason\":\"runs\",\"run_ids\":[\"%s\"]}}"
                                .formatted(created, working));
        assertThat(list.at("/data/1/run_id").stringValue()).isEqualTo(third);
        assertThat(list.at("/data/1/place").intValue()).isEqualTo(2);
        assertThat(list.at("/data/1/waiting_for")).hasToString("{\"reason\":\"starting\",\"run_ids\":[]}");
        assertThat(list.get("data").size()).isEqualTo(2);
    }

    @Test
    void aRunIsTakenOutOfTheQueueOnce() {
        var run = start("concurrent");

        var withdrawn = facade.delete(queue + "/" + run);

        assertThat(withdrawn)
                .hasToString("{\"id\":\"" + run + "\",\"object\":\"thread.run.withdrawn\",\"deleted\":true}");
        assertThat(facade.get(queue).get("data").isEmpty()).isTrue();
        facade.refused(404, GET, "/v1/threads/" + thread + "/runs/" + run, "");
        facade.refused(404, DELETE, queue + "/" + run, "");
    }

    @Test
    void aRunThatHasStartedIsNotTakenOut() {
        var run = start("concurrent");
        facade.store.emit(facade.store.onlyRun(), TestRuns.started());

        var error = facade.refused(400, DELETE, queue + "/" + run, "");

        assertThat(error.get("code").stringValue()).isEqualTo("run_not_queued");
        assertThat(error.get("message").stringValue())
                .isEqualTo("Run " + run + " waits in no queue: its status is 'in_progress'.");
    }

    /**
     * Active runs by turn, where two may work at once: {@code C} concurrent and {@code E} enqueue, {@code q} queued,
     * {@code w} working, {@code p} paused, {@code r} about to resume, {@code x} being stopped. What waits is told as its
     * place in that row, the reason, and the places of the runs that it waits for.
     */
    @ParameterizedTest
    @CsvSource({
        "Cq,             0:starting",
        "Eq,             0:starting",
        "Cw Cq,          1:starting",
        "Cw Eq,          1:runs:0",
        "Cp Eq,          1:runs:0",
        "Cr Eq,          1:runs:0",
        "Cw Cw Cq,       2:limit:01",
        "Cw Cx Cq,       2:limit:01",
        "Cw Cp Cq,       2:starting",
        "Cw Cw Eq Cq,    2:runs:01 3:limit:01",
        "Cq Eq,          0:starting 1:runs:0",
        "Iq Rq,          0:starting 1:runs:0",
        "Cw Cp,          ''",
        "Cr,             ''",
    })
    void whatARunWaitsForIsAFunctionOfTheActiveRuns(String row, String expected) {
        var active = runs(row);
        var ids = active.stream().map(run -> run.key().id()).toList();

        var waiting = Queue.of(active, 2).runs().stream()
                .map(next -> spelt(next, ids))
                .toList();

        assertThat(String.join(" ", waiting)).isEqualTo(expected);
    }

    private static String spelt(Queue.Waiting waiting, List<RunId> ids) {
        var awaited = new StringBuilder();
        waiting.awaited().forEach(run -> awaited.append(ids.indexOf(run)));
        return ids.indexOf(waiting.run().key().id()) + ":"
                + waiting.reason().name().toLowerCase(Locale.ROOT) + (awaited.isEmpty() ? "" : ":" + awaited);
    }

    private static List<StoredRun> runs(String row) {
        var runs = new ArrayList<StoredRun>();
        Arrays.stream(row.split(" ")).forEach(run -> runs.add(run(runs.size() + 1, run.charAt(0), run.charAt(1))));
        return runs;
    }

    private static StoredRun run(int turn, char strategy, char state) {
        var sample = Sample.run();
        return new StoredRun(
                new RunKey(Sample.THREAD, turn, RunId.fresh()),
                switch (state) {
                    case 'w' -> RunStatus.IN_PROGRESS;
                    case 'p' -> RunStatus.REQUIRES_ACTION;
                    case 'x' -> RunStatus.CANCELLING;
                    default -> RunStatus.QUEUED;
                },
                switch (strategy) {
                    case 'E' -> Strategy.ENQUEUE;
                    case 'I' -> Strategy.INTERRUPT;
                    case 'R' -> Strategy.ROLLBACK;
                    default -> Strategy.CONCURRENT;
                },
                sample.spec(),
                sample.metadata(),
                sample.createdAt(),
                sample.expiresAt(),
                state == 'q' ? Optional.empty() : sample.startedAt(),
                Optional.empty(),
                sample.usage(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private String start(String strategy) {
        var run = facade.post(
                "/v1/threads/" + thread + "/runs",
                "{\"assistant_id\":\"%s\",\"multitask_strategy\":\"%s\"}".formatted(facade.newAssistant(), strategy));
        return run.get("id").stringValue();
    }
}
