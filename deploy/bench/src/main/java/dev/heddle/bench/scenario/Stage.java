package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Clients;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.ModelServer;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.process.Child;
import dev.heddle.bench.process.Measured;
import dev.heddle.bench.process.Postgres;
import dev.heddle.bench.proxy.ByteCopyProxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that takes part, each in a process of its own: the scripted model, the proxy, PostgreSQL and a gateway, which
 * its own launcher starts with the flags it ships with. The clients are in this process.
 */
public final class Stage implements AutoCloseable {
    private final Child model;
    private final Child proxy;
    private final Postgres postgres;
    private final Child gateway;
    private final Clients clients = new Clients();
    private final String assistant;

    private Stage(Child model, Child proxy, Postgres postgres, Child gateway) {
        this.model = model;
        this.proxy = proxy;
        this.postgres = postgres;
        this.gateway = gateway;
        this.assistant = createAssistant();
    }

    /** Takes the launcher of the gateway, and further arguments of {@code serve}. */
    public static Stage set(Path launcher, List<String> arguments) {
        var model = Child.ofClass(ModelServer.class);
        var proxy = Child.ofClass(ByteCopyProxy.class, "http://127.0.0.1:" + model.port());
        var postgres = Postgres.start();
        var serve = List.of(
                launcher.toString(),
                "serve",
                "--port=0",
                "--database-url=" + postgres.url(),
                "--upstream=http://127.0.0.1:" + model.port() + "/v1");
        var command = Stream.concat(serve.stream(), arguments.stream()).toList();
        return new Stage(model, proxy, postgres, Child.start(command, Map.of()));
    }

    public Clients clients() {
        return clients;
    }

    public Child gateway() {
        return gateway;
    }

    public Measured postgres() {
        return postgres;
    }

    public Measured model() {
        return model;
    }

    public Child proxy() {
        return proxy;
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

    Child process(Server server) {
        return server == Server.PROXY ? proxy : gateway;
    }

    @Override
    public void close() {
        clients.close();
        gateway.close();
        postgres.close();
        proxy.close();
        model.close();
    }

    private String createAssistant() {
        try (var client = clients.connect(1, gateway.port(), new Tally()).getFirst()) {
            var body = client.body(Request.post("/v1/assistants", "{\"model\":\"bench-1-0-1\"}"))
                    .join();
            return body.replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
        }
    }

    /** Who is asked: the floor, or the gateway by one of its protocols. */
    enum Server {
        PROXY,
        ASSISTANTS,
        RESPONSES
    }
}
