package dev.heddle.gateway.testing;

import dev.heddle.gateway.server.Server;
import dev.heddle.persistence.DatabaseUrl;
import dev.heddle.persistence.testing.TestDatabase;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** A gateway in this process, with a database of its own and a scripted model server behind it. */
public final class TestGateway implements AutoCloseable {
    private final ScriptedModelServer model = ScriptedModelServer.start();
    private final DatabaseUrl database = TestDatabase.fresh();
    private final Server server;

    private TestGateway(Map<String, Object> settings) {
        var all = new HashMap<String, Object>(Map.of(
                "server.port", 0,
                "heddle.database.url", database.url(),
                "heddle.upstream.base-url", model.baseUrl()));
        all.putAll(settings);
        this.server = Server.start(all);
    }

    public static TestGateway start() {
        return new TestGateway(Map.of());
    }

    /** With settings that outrank the usual ones. */
    public static TestGateway start(Map<String, Object> settings) {
        return new TestGateway(settings);
    }

    public ScriptedModelServer model() {
        return model;
    }

    public DatabaseUrl database() {
        return database;
    }

    /** Up to and including {@code /v1}. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1");
    }

    public TestClient client() {
        return new TestClient(baseUrl());
    }

    @Override
    public void close() {
        server.close();
        model.close();
    }
}
