package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Clients;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.ModelServer;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.process.Allocations;
import dev.heddle.bench.process.Child;
import dev.heddle.bench.process.Measured;
import dev.heddle.bench.process.Postgres;
import dev.heddle.bench.proxy.ByteCopyProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that takes part, each in a process of its own: the scripted model, the proxy, PostgreSQL and a gateway, which
 * its own launcher starts with the flags it ships with. The clients are in this process.
 */
public final class Stage implements AutoCloseable {
    private final Child model = Child.ofClass(ModelServer.class);
    private final Child proxy = Child.ofClass(ByteCopyProxy.class, "http://127.0.0.1:" + model.port());
    private final Postgres postgres = Postgres.start();
    private final Clients clients = new Clients();
    private final List<String> serve;
    private final String assistant;
    private Child gateway;
    private @Nullable Allocations allocations;
    private boolean warm;

    /** Takes the launcher of the gateway, and further arguments of {@code serve}. */
    public Stage(Path launcher, List<String> arguments) {
        serve = new ArrayList<>(List.of(
                launcher.toString(),
                "serve",
                "--port=0",
                "--database-url=" + postgres.url(),
                "--upstream=http://127.0.0.1:" + model.port() + "/v1"));
        serve.addAll(arguments);
        gateway = Child.start(serve, Map.of());
        assistant = create("/v1/assistants", "{\"model\":\"bench-1-0-1\"}");
    }

    Clients clients() {
        return clients;
    }

    Child gateway() {
        return gateway;
    }

    Child process(Server server) {
        return server == Server.PROXY ? proxy : gateway;
    }

    String assistant() {
        return assistant;
    }

    /** A request for an answer as a stream, in the words of whoever is asked. */
    Request ask(Server server, Script script) {
        return switch (server) {
            case PROXY -> Request.post("/v1/chat/completions", """
                    {"model":"%s","stream":true,"messages":[{"role":"user","content":"What is a heddle?"}]}""".formatted(script.model()));
            case ASSISTANTS -> Request.post("/v1/threads/runs", """
                    {"assistant_id":"%s","model":"%s","stream":true,\
                    "thread":{"messages":[{"role":"user","content":"What is a heddle?"}]}}""".formatted(assistant, script.model()));
            case RESPONSES -> Request.post("/v1/responses", """
                    {"model":"%s","stream":true,"input":"What is a heddle?"}""".formatted(script.model()));
        };
    }

    /** Creates something of the gateway's, and tells its id. */
    String create(String path, String json) {
        try (var client = clients.connect(gateway.port())) {
            return Json.id(Checks.result(client.body(Request.post(path, json))));
        }
    }

    /** Who else works: the clients in this process, and the model. */
    Reading reading(Server server, Tally tally) {
        long others = Measured.thisProcess().usage().cpuMillis() + model.usage().cpuMillis();
        return new Reading(
                process(server).usage(), postgres.usage(), others, tally.chunks(), tally.events(), System.nanoTime());
    }

    /** Lets every server do all kinds of work for a while, unless this gateway already has. */
    void warmUp(Plan plan) throws InterruptedException {
        if (!warm) {
            for (var server : Server.values()) {
                RunFlow.of(this, server, 64, plan.warmUp());
            }
            warm = true;
        }
    }

    /** Another gateway on the same database, cold; how long it took from the launcher to its first answer. */
    Duration restartGateway() {
        letGo();
        gateway.close();
        warm = false;
        long started = System.nanoTime();
        gateway = Child.start(serve, Map.of());
        try (var client = clients.connect(gateway.port())) {
            Checks.result(client.body(Request.get("/v1/assistants/" + assistant)));
        }
        return Duration.ofNanos(System.nanoTime() - started);
    }

    void watchAllocations() {
        if (allocations == null) {
            allocations = Allocations.of(gateway);
        }
    }

    /** Of the gateway since its start; 0 where nobody looks. */
    long allocatedBytes(Server server) {
        return allocations == null || server == Server.PROXY ? 0 : allocations.bytes();
    }

    @Override
    public void close() {
        letGo();
        clients.close();
        gateway.close();
        postgres.close();
        proxy.close();
        model.close();
    }

    private void letGo() {
        if (allocations != null) {
            allocations.close();
            allocations = null;
        }
    }
}
