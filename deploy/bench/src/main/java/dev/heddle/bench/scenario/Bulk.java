package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Request;
import dev.heddle.bench.load.Tally;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Many requests, some of them at once, each of which has to succeed. */
final class Bulk {
    private final List<Request> requests;
    private final String[] bodies;
    private final AtomicInteger next = new AtomicInteger();

    private Bulk(List<Request> requests) {
        this.requests = requests;
        this.bodies = new String[requests.size()];
    }

    /** What was answered, in the order of the requests. */
    static List<String> bodies(Stage stage, List<Request> requests, int atOnce) {
        var bulk = new Bulk(requests);
        var clients = stage.clients().connect(atOnce, stage.gateway().port(), new Tally());
        Checks.result(CompletableFuture.allOf(clients.stream().map(bulk::work).toArray(CompletableFuture[]::new)));
        clients.forEach(Client::close);
        return List.of(bulk.bodies);
    }

    /** The ids of objects that are all created with the same words. */
    static List<String> create(Stage stage, String path, String json, int count) {
        var requests = IntStream.range(0, count)
                .mapToObj(_ -> Request.post(path, json))
                .toList();
        return bodies(stage, requests, 32).stream().map(Json::id).toList();
    }

    private CompletableFuture<Void> work(Client client) {
        int mine = next.getAndIncrement();
        if (mine >= requests.size()) {
            return CompletableFuture.completedFuture(null);
        }
        return client.body(requests.get(mine)).thenCompose(body -> {
            bodies[mine] = body;
            return work(client);
        });
    }
}
