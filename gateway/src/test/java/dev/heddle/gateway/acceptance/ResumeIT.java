package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.TestClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader that is cut off, wherever that is, goes on behind the last event it had as if nothing had happened. */
@Timeout(120)
class ResumeIT {
    private static final int RUNS = 3;
    private static final String OPENING = ": open\n\n";

    private static TestGateway gateway;
    private static TestClient client;

    private String assistant;
    private String thread;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        client = gateway.client();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void setUp() {
        assistant = client.newAssistant();
        thread = client.newThread();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrival", "turn"})
    void aThreadIsContinuedBehindEveryEvent(String order) {
        String path = "/threads/" + thread + "/events?order=" + order;
        startRun("One? [[chunks=4 delay=5ms]]");
        startRun("Two? [[chunks=4 delay=5ms]]");
        startRun("Three? [[chunks=4 delay=5ms]]");
        List<TestEvent> whole = untilRunsEnded(path, RUNS);

        assertThat(whole).extracting(TestEvent::id).doesNotHaveDuplicates();
        for (int cut = 1; cut < whole.size(); cut++) {
            var events = take(path, "", cut);
            events.addAll(take(path, events.getLast().id(), whole.size() - cut));
            assertThat(events).as("cut behind event %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"arrival", "turn"})
    void aReaderThatIsCutOffAfterEveryEventHearsALiveThreadWhole(String order) {
        String path = "/threads/" + thread + "/events?order=" + order;
        var reader = CompletableFuture.supplyAsync(() -> oneByOne(path));

        String silent = startRun("One? [[chunks=9 fail=silence@4]]");
        startRun("Two? [[chunks=9 delay=5ms]]");
        client.post("/threads/" + thread + "/messages", Map.of("role", "user", "content", "Three, first half"));
        startRun("Three, second half? [[chunks=9 delay=5ms]]");
        untilRunsEnded("/threads/" + thread + "/events", RUNS - 1);
        cancel(silent);

        assertThat(reader.join()).isEqualTo(untilRunsEnded(path, RUNS));
    }

    @Test
    void aLiveRunIsRejoinedBehindEveryEvent() {
        try (var creation = client.events("/threads/" + thread + "/runs", streaming("Rejoin? [[fail=silence@3]]"))) {
            var events = creation.iterator();
            var heard = untilDeltas(events, 3);
            String run = TestClient.id(heard.getFirst().json());
            // Answered before the run is stopped, so all of them join a live run.
            var rejoined = heard.stream()
                    .map(event -> client.events(eventsOf(run) + "?after=" + event.id()))
                    .toList();
            cancel(run);
            int cuts = heard.size();
            events.forEachRemaining(heard::add);

            assertThat(heard.getLast().event()).isEqualTo("done");
            for (int cut = 1; cut <= cuts; cut++) {
                assertThat(all(rejoined.get(cut - 1)))
                        .as("rejoined behind event %d", cut)
                        .isEqualTo(heard.subList(cut, heard.size()));
            }
        }
    }

    @Test
    void anEndedRunIsRejoinedBehindEveryEventWithTheSameBytes() {
        List<TestEvent> created = all(client.events("/threads/" + thread + "/runs", streaming("Again? [[chunks=5]]")));
        String path = eventsOf(TestClient.id(created.getFirst().json()));
        String whole = body(path, "");

        assertThat(all(client.events(path))).isEqualTo(created);
        assertThat(whole).startsWith(OPENING).endsWith("event: done\ndata: [DONE]\n\n");
        for (TestEvent event : created.subList(0, created.size() - 1)) {
            String rest = OPENING + behind(event, whole);
            assertThat(body(path + "?after=" + event.id(), "")).isEqualTo(rest);
            assertThat(body(path, event.id())).isEqualTo(rest);
        }
    }

    private String startRun(String question) {
        return TestClient.id(client.post("/threads/" + thread + "/runs", TestClient.asking(assistant, question)));
    }

    private Map<String, Object> streaming(String question) {
        return Map.of(
                "assistant_id",
                assistant,
                "stream",
                true,
                "additional_messages",
                List.of(Map.of("role", "user", "content", question)));
    }

    private void cancel(String run) {
        client.post("/threads/" + thread + "/runs/" + run + "/cancel", Map.of());
    }

    private String eventsOf(String run) {
        return "/threads/" + thread + "/runs/" + run + "/events";
    }

    private static List<TestEvent> all(Stream<TestEvent> events) {
        try (events) {
            return events.toList();
        }
    }

    private static List<TestEvent> untilRunsEnded(String path, int runs) {
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events(path)) {
            for (var next = stream.iterator(); ended(events) < runs; ) {
                events.add(next.next());
            }
        }
        return events;
    }

    private static List<TestEvent> oneByOne(String path) {
        var events = new ArrayList<TestEvent>();
        String last = "";
        while (ended(events) < RUNS) {
            events.addAll(take(path, last, 1));
            last = events.getLast().id();
        }
        return events;
    }

    private static long ended(List<TestEvent> events) {
        return events.stream().filter(TestEvent::endsRun).count();
    }

    /** The next events behind {@code lastEventId}; then the connection is cut. */
    private static List<TestEvent> take(String path, String lastEventId, int count) {
        var request = client.request(path).header("Last-Event-ID", lastEventId).GET();
        var events = new ArrayList<TestEvent>();
        try (var stream = client.events(request)) {
            for (var next = stream.iterator(); events.size() < count; ) {
                events.add(next.next());
            }
        }
        return events;
    }

    private static List<TestEvent> untilDeltas(Iterator<TestEvent> events, int deltas) {
        var heard = new ArrayList<TestEvent>();
        for (int left = deltas; left > 0; left -= heard.getLast().event().equals("thread.message.delta") ? 1 : 0) {
            heard.add(events.next());
        }
        return heard;
    }

    private static String body(String path, String lastEventId) {
        return client.send(client.request(path)
                        .header("Last-Event-ID", lastEventId)
                        .GET())
                .body();
    }

    private static String behind(TestEvent event, String stream) {
        String last = "id: " + event.id() + "\nevent: " + event.event() + "\ndata: " + event.data() + "\n\n";
        return stream.substring(stream.indexOf(last) + last.length());
    }
}
