package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is created within one second has an order all the same, and every page of every size keeps it. */
class SameSecondIT {
    private static final int MESSAGES = 200;

    @Test
    void messagesOfOneBurstAreListedInTheOrderOfTheirCreationByEveryLimitInBothDirections() {
        try (var gateway = TestGateway.start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = gateway.client();
            String path = "/threads/" + client.newThread();
            burst(client, path, callers);

            List<String> created = inOrderOfCreation(client, path);

            assertThat(created).hasSize(MESSAGES).doesNotHaveDuplicates();
            for (int limit = 1; limit <= 100; limit++) {
                assertThat(pages(client, path + "/messages", "asc", limit)).isEqualTo(created);
                assertThat(pages(client, path + "/messages", "desc", limit)).isEqualTo(created.reversed());
                assertThat(pagesBack(client, path + "/messages", limit, created.getLast()))
                        .isEqualTo(created.subList(0, MESSAGES - 1));
            }
        }
    }

    private static void burst(TestClient client, String path, ExecutorService callers) {
        var requests = IntStream.range(0, MESSAGES)
                .mapToObj(i -> Map.of("role", "user", "content", "Message " + i))
                .map(body -> CompletableFuture.runAsync(() -> client.post(path + "/messages", body), callers))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(requests).join();
    }

    private static List<String> inOrderOfCreation(TestClient client, String path) {
        try (var events = client.events(path + "/events")) {
            return events.filter(event -> event.event().equals("message.added"))
                    .map(TestEvent::json)
                    .map(json -> json.get("item_id").stringValue())
                    .limit(MESSAGES)
                    .toList();
        }
    }

    private static List<String> pages(TestClient client, String path, String order, int limit) {
        var ids = new ArrayList<String>();
        String after = "";
        for (boolean more = true; more; ) {
            var page = client.get(path + "?order=" + order + "&limit=" + limit + after);
            page.get("data").forEach(message -> ids.add(TestClient.id(message)));
            more = page.get("has_more").booleanValue();
            after = "&after=" + page.get("last_id").stringValue();
        }
        return ids;
    }

    /** Page by page in front of the last one, up to the first. */
    private static List<String> pagesBack(TestClient client, String path, int limit, String last) {
        var ids = new ArrayList<String>();
        String before = last;
        for (boolean more = true; more; ) {
            JsonNode page = client.get(path + "?order=asc&limit=" + limit + "&before=" + before);
            ids.addAll(0, page.get("data").valueStream().map(TestClient::id).toList());
            more = page.get("has_more").booleanValue();
            before = page.get("first_id").stringValue();
        }
        return ids;
    }
}
