package dev.heddle.gateway.acceptance;

import static dev.heddle.gateway.testing.TestClient.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.GatewayProcess;
import dev.heddle.gateway.testing.ScriptedModelServer;
import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run with tools is cut off at each of its events; what comes after it is legal for a strict model all the same. */
class ToolRunCutIT {
    /** Two rounds: a text with two calls, one of them the server's; then one call of the client; then the answer. */
    private static final String QUESTION = "What is it like? [[text=\"Let me see.\" call=weather({\"city\":\"Paris\"})"
            + " call=stock({}) chars_per_fragment=6 delay=12ms then call=stock({\"n\":2}) delay=12ms]]";

    private static final int THREADS = 40;

    @TempDir
    private Path home;

    @Test
    void aRunThatIsInterruptedAtAnyOfItsEventsLeavesALegalThread() {
        try (var tools = ScriptedToolServer.start();
                var gateway = TestGateway.start(
                        Map.of("heddle.tools[0].name", "weather", "heddle.tools[0].url", tools.url("weather")))) {
            var client = gateway.client();
            String assistant = assistant(client);
            int events = wholeRun(client, assistant);
            for (int cut = 1; cut <= events; cut++) {
                String thread = client.newThread();
                String run = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, QUESTION)));
                reach(client, thread, run, cut);

                var later = new HashMap<>(TestClient.asking(assistant, "Never mind. And now?"));
                later.put("multitask_strategy", "interrupt");
                String next = id(client.post("/threads/" + thread + "/runs", later));

                assertThat(client.endOf(thread, next)).as("cut at " + cut).isEqualTo("thread.run.completed");
                assertThat(client.get("/threads/" + thread + "/runs/" + run)
                                .get("status")
                                .stringValue())
                        .isIn("cancelled", "completed");
                assertNothingIsOpen(client, thread, run);
            }
            assertThat(gateway.model().violations()).isEmpty();
        }
    }

    @Test
    void aGatewayThatIsKilledAtAnyEventLeavesLegalThreads() throws Exception {
        try (var model = ScriptedModelServer.start();
                var tools = ScriptedToolServer.start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> threads;
            String assistant;
            List<CompletableFuture<List<TestEvent>>> seen;
            try (var gateway = start(model, tools)) {
                var client = gateway.client();
                assistant = assistant(client);
                threads = Stream.generate(client::newThread).limit(THREADS).toList();
                wholeRun(client, assistant); // What comes later is as fast as it will be.
                var leaderHasEnded = new CountDownLatch(1);
                String asked = assistant;
                seen = IntStream.range(0, THREADS)
                        .mapToObj(i -> CompletableFuture.supplyAsync(
                                () -> run(client, threads.get(i), asked, i, leaderHasEnded), callers))
                        .toList();
                assertThat(leaderHasEnded.await(60, TimeUnit.SECONDS)).isTrue();
                gateway.kill();
            }
            var lastSeen = new HashSet<String>();
            seen.forEach(future -> lastSeen.add(future.join().getLast().event()));

            try (var gateway = start(model, tools)) {
                var client = gateway.client();
                for (String thread : threads) {
                    assertGoesOn(client, thread, assistant);
                }
            }
            assertThat(model.violations()).isEmpty();
            assertThat(lastSeen).as("events at which runs were cut").hasSizeGreaterThan(5);
        }
    }

    private GatewayProcess start(ScriptedModelServer model, ScriptedToolServer tools) {
        return GatewayProcess.start(
                home,
                List.of("-Dheddle.tools[0].name=weather", "-Dheddle.tools[0].url=" + tools.url("weather")),
                "--upstream",
                model.baseUrl().toString());
    }

    /** Runs until the connection breaks. The first one is ahead of all others. */
    private static List<TestEvent> run(
            TestClient client, String thread, String assistant, int place, CountDownLatch leaderHasEnded) {
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events("/threads/" + thread + "/events")) {
            String run =
                    id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, questionOf(place))));
            stream.forEach(event -> {
                events.add(event);
                if (event.event().equals("run.action_required")) {
                    submitAll(client, thread, run);
                }
                if (place == 0 && event.endsRun()) {
                    leaderHasEnded.countDown();
                }
            });
        } catch (UncheckedIOException broken) {
            assertThat(events).as(broken.toString()).isNotEmpty();
        }
        return events;
    }

    /** The model of a later place begins later, so that each run is cut at another event. */
    private static String questionOf(int place) {
        return QUESTION.replaceFirst("\\[\\[", "[[first_delay=" + (1 + 40 * place) + "ms ")
                .replace("delay=12ms", "delay=40ms");
    }

    private static void assertGoesOn(TestClient client, String thread, String assistant) {
        String run = id(client.get("/threads/" + thread + "/runs").at("/data/0"));
        String end = untilSettledOrPaused(client, thread, run);
        assertThat(end).isIn("completed", "failed", "requires_action");
        if (end.equals("requires_action")) {
            submitAll(client, thread, run);
            assertThat(untilSettledOrPaused(client, thread, run)).isIn("completed", "requires_action");
        }
        var later = new HashMap<>(TestClient.asking(assistant, "And now?"));
        later.put("multitask_strategy", "interrupt");
        String next = id(client.post("/threads/" + thread + "/runs", later));
        assertThat(client.endOf(thread, next)).isEqualTo("thread.run.completed");
        assertNothingIsOpen(client, thread, run);
    }

    /** Follows the run from its beginning until it has ended, or waits for outputs behind the last ones it got. */
    private static String untilSettledOrPaused(TestClient client, String thread, String run) {
        try (var events = client.events("/threads/" + thread + "/runs/" + run + "/events")) {
            for (var next = events.iterator(); next.hasNext(); ) {
                String event = next.next().event();
                if (event.equals("thread.run.requires_action") || event.equals("done")) {
                    var status = client.get("/threads/" + thread + "/runs/" + run)
                            .get("status")
                            .stringValue();
                    if (!status.equals("queued") && !status.equals("in_progress")) {
                        return status;
                    }
                }
            }
        }
        throw new IllegalStateException("the stream has ended without an end");
    }

    private static String assistant(TestClient client) {
        var tools = Stream.of("weather", "stock")
                .map(name -> Map.of("type", "function", "function", Map.of("name", name)))
                .toList();
        return id(client.post("/assistants", Map.of("model", "scripted", "tools", tools)));
    }

    /** How many events such a run has; it goes the whole way. */
    private static int wholeRun(TestClient client, String assistant) {
        String thread = client.newThread();
        String run = id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, QUESTION)));
        reach(client, thread, run, Integer.MAX_VALUE);
        assertThat(client.get("/threads/" + thread + "/runs/" + run)
                        .get("status")
                        .stringValue())
                .isEqualTo("completed");
        try (var events = client.events("/threads/" + thread + "/events")) {
            var seen = new ArrayList<TestEvent>();
            events.takeWhile(event -> !event.endsRun()).forEach(seen::add);
            return seen.size() + 1;
        }
    }

    /** Lets the run go on, with outputs when it wants them, until so many of the thread's events were seen, or its end. */
    private static void reach(TestClient client, String thread, String run, int events) {
        try (var stream = client.events("/threads/" + thread + "/events")) {
            int seen = 0;
            for (var next = stream.iterator(); next.hasNext(); ) {
                TestEvent event = next.next();
                if (++seen == events || event.endsRun()) {
                    return;
                }
                if (event.event().equals("run.action_required")) {
                    submitAll(client, thread, run);
                }
            }
        }
    }

    private static void submitAll(TestClient client, String thread, String run) {
        JsonNode waiting = client.get("/threads/" + thread + "/runs/" + run);
        var outputs = waiting.at("/required_action/submit_tool_outputs/tool_calls")
                .valueStream()
                .map(call -> Map.of("tool_call_id", id(call), "output", "42"))
                .toList();
        client.post("/threads/" + thread + "/runs/" + run + "/submit_tool_outputs", Map.of("tool_outputs", outputs));
    }

    private static void assertNothingIsOpen(TestClient client, String thread, String run) {
        assertThat(client.list("/threads/" + thread + "/runs/" + run + "/steps", 20))
                .extracting(step -> step.get("status").stringValue())
                .doesNotContain("in_progress");
        assertThat(client.list("/threads/" + thread + "/messages", 20))
                .extracting(message -> message.get("status").stringValue())
                .isSubsetOf(Set.of("completed", "incomplete"));
    }
}
