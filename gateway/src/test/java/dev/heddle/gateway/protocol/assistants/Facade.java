package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.MessageWait;
import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Bodies;
import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.RequestIds;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.gateway.testing.FakeTickets;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.lane.ActiveRun;
import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.InboxEntry;
import dev.heddle.streaming.lane.LaneParts;
import dev.heddle.streaming.lane.LaneSettings;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.lane.OwnedThread;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.log.TailCache;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The Assistants facade over fakes, and what a client says to it. */
final class Facade {
    static final int MAX_BODY = 64 * 1024;

    final FakeStore store = new FakeStore();
    final FakeAdmission admission = new FakeAdmission(store);
    final FakeTickets tickets = new FakeTickets(_ -> Mono.empty());
    final RouterFunction<ServerResponse> routes;
    final WebTestClient client;

    Facade(AssistantsSettings settings, String... keys) {
        this.routes = routes(settings, ApiKeys.of(List.of(keys)));
        this.client = WebTestClient.bindToRouterFunction(routes)
                .webFilter(new RequestIds())
                .configureClient()
                .responseTimeout(Duration.ofSeconds(10))
                .build();
    }

    static Facade open() {
        return new Facade(AssistantsSettings.of(Compat.OPEN, Sample.EXPIRY, Sample.MAX_RUNNING));
    }

    static Facade strict() {
        return new Facade(AssistantsSettings.of(Compat.STRICT, Sample.EXPIRY, Sample.MAX_RUNNING));
    }

    JsonNode get(String path) {
        return ok(exchange(HttpMethod.GET, path, ""));
    }

    JsonNode post(String path, String body) {
        return ok(exchange(HttpMethod.POST, path, body));
    }

    JsonNode delete(String path) {
        return ok(exchange(HttpMethod.DELETE, path, ""));
    }

    /** A refusal with this status: its {@code error} member, which is as OpenAI describes it. */
    JsonNode refused(int status, HttpMethod method, String path, String body) {
        var result = exchange(method, path, body);
        assertThat(result.getStatus().value()).as(text(result)).isEqualTo(status);
        OpenAiSchema.check("ErrorResponse", text(result));
        return Json.read(result.getResponseBody()).get("error");
    }

    EntityExchangeResult<byte[]> exchange(HttpMethod method, String path, String body) {
        var request = client.method(method).uri(path);
        var result = (body.isEmpty()
                        ? request
                        : request.bodyValue(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .exchange()
                .expectBody()
                .returnResult();
        assertThat(result.getResponseHeaders().getFirst("x-request-id")).matches("req_[0-9a-f]{32}");
        return result;
    }

    /** The frames of a stream that ends by itself, without comments. */
    List<String> stream(HttpMethod method, String path, String body) {
        var result = exchange(method, path, body);
        assertThat(result.getResponseHeaders().getFirst("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
        return frames(text(result));
    }

    /** The frames that answer a request, as they come, without comments. */
    Flux<String> stream(String path, String body) {
        return frames(client.post().uri(path).bodyValue(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** The frames of a stream as they come, without comments. */
    Flux<String> follow(String path, String lastEventId) {
        return frames(client.get().uri(path).header("Last-Event-ID", lastEventId));
    }

    private static Flux<String> frames(WebTestClient.RequestHeadersSpec<?> request) {
        return request.exchange()
                .expectStatus()
                .isOk()
                .returnResult(org.springframework.core.io.buffer.DataBuffer.class)
                .getResponseBody()
                .map(buffer -> buffer.toString(java.nio.charset.StandardCharsets.UTF_8))
                .filter(frame -> !frame.startsWith(":"));
    }

    String newAssistant() {
        return post("/v1/assistants", "{\"model\":\"demo\",\"instructions\":\"Be brief.\"}")
                .get("id")
                .stringValue();
    }

    String newThread() {
        return post("/v1/threads", "").get("id").stringValue();
    }

    /** The path of a new run. */
    String newRun(String thread) {
        var run = post("/v1/threads/" + thread + "/runs", "{\"assistant_id\":\"" + newAssistant() + "\"}");
        return "/v1/threads/" + thread + "/runs/" + run.get("id").stringValue();
    }

    static String text(EntityExchangeResult<byte[]> result) {
        byte[] body = result.getResponseBody();
        return body == null ? "" : new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    static List<String> frames(String stream) {
        return java.util.regex.Pattern.compile("(?<=\n\n)")
                .splitAsStream(stream)
                .filter(frame -> !frame.startsWith(":"))
                .toList();
    }

    private static JsonNode ok(EntityExchangeResult<byte[]> result) {
        assertThat(result.getStatus()).as(text(result)).isEqualTo(HttpStatus.OK);
        assertThat(result.getResponseHeaders().getFirst("Content-Type")).isEqualTo("application/json");
        return Json.read(result.getResponseBody());
    }

    private RouterFunction<ServerResponse> routes(AssistantsSettings settings, ApiKeys keys) {
        var wiring = new AssistantsConfiguration();
        var assistants = new FakeCollections.OfAssistants(store);
        var threads = new FakeCollections.OfThreads(store);
        var items = new FakeCollections.OfItems(store);
        var runs = new FakeCollections.OfRuns(store);
        var feed = new ThreadFeed(store.log, store.doorbell);
        var wait = new MessageWait(runs, store.log, feed, Clock.systemUTC(), Schedulers.parallel());
        var service = new RunService(admission, idleLanes(), wait);
        var reader = new RequestReader(new Bodies(DataSize.ofBytes(MAX_BODY)));
        var sse = new Sse(Duration.ofSeconds(15), Schedulers.parallel());
        var keyFilter = new KeyFilter(keys);
        var stream = wiring.runStream(new RunFeed(store.log, store.doorbell), Sample.cache(), settings);
        return wiring.assistantsRoutes(
                wiring.assistantsHandler(assistants, reader),
                wiring.threadsHandler(threads, service, reader),
                wiring.copiesHandler(service, reader),
                wiring.messagesHandler(threads, items, service, reader, settings),
                wiring.newRunsHandler(assistants, runs, service, stream, sse, reader, settings),
                wiring.runsHandler(threads, runs, service, reader, settings),
                wiring.outputsHandler(service, stream, sse, reader),
                wiring.stepsHandler(runs, items),
                wiring.queueHandler(threads, runs, service, settings),
                wiring.eventsHandler(runs, store.log, stream, sse),
                keyFilter,
                new TicketFilter(keyFilter, tickets, runs));
    }

    /** Lanes of an instance that owns nothing: the test itself says what runs do. */
    private Lanes idleLanes() {
        return new Lanes(new LaneParts(
                new TailCache(store.log, 1 << 20, 1 << 20),
                store.doorbell,
                new NoInbox(),
                new NoOwnership(),
                _ -> Flux.never(),
                Clock.systemUTC(),
                Schedulers.parallel(),
                LaneSettings.DEFAULT));
    }

    private record NoInbox() implements Inbox {
        @Override
        public Mono<List<InboxEntry>> read(ThreadKey thread, long after, int limit) {
            return Mono.just(List.of());
        }

        @Override
        public Mono<Void> discard(ThreadKey thread, long epoch, long entry) {
            return Mono.empty();
        }
    }

    private record NoOwnership() implements Ownership {
        @Override
        public Mono<OwnedThread> own(ThreadKey thread, boolean anew) {
            return Mono.empty();
        }

        @Override
        public Mono<List<ActiveRun>> activeRuns(ThreadKey thread) {
            return Mono.just(List.of());
        }

        @Override
        public Flux<ThreadKey> unattended() {
            return Flux.empty();
        }
    }
}
