package dev.heddle.gateway.cli;

import dev.heddle.gateway.server.Server;
import java.util.HashMap;
import java.util.Map;

/** A running gateway and its database, which end together. */
record Instance(Server server, Database database) implements AutoCloseable {
    /** Starts the gateway; when it does not start, its database is closed. */
    static Instance start(Database database, Map<String, Object> settings) {
        try {
            var all = new HashMap<>(database.settings());
            all.putAll(settings);
            return new Instance(Server.start(all), database);
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
    }

    int port() {
        return server.port();
    }

    /** May be repeated. */
    @Override
    public void close() {
        server.close();
        database.close();
    }
}
