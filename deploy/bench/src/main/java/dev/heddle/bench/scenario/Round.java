package dev.heddle.bench.scenario;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The same work, done once with every server, one after the other: what slows the machine down slows down all of them. */
record Round<T>(Map<Server, T> flows) {
    T of(Server server) {
        var flow = flows.get(server);
        if (flow == null) {
            throw new IllegalStateException(server + " was not asked");
        }
        return flow;
    }

    T proxy() {
        return of(Server.PROXY);
    }

    static <T> List<Round<T>> all(int count, Work<T> work) throws InterruptedException {
        var rounds = new ArrayList<Round<T>>();
        for (int i = 0; i < count; i++) {
            var flows = new EnumMap<Server, T>(Server.class);
            for (var server : Server.values()) {
                flows.put(server, work.with(server));
            }
            rounds.add(new Round<>(flows));
        }
        return rounds;
    }

    /** What is done with one server in one round. */
    interface Work<T> {
        T with(Server server) throws InterruptedException;
    }
}
