package dev.heddle.gateway.protocol.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Bodies;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.RequestIds;
import dev.heddle.gateway.http.Sockets;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.SocketUpgrades;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.gateway.testing.FakeTickets;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.InMemoryEventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Our own streams over fakes, and what a client says to them. The test says what happens on threads. */
final class Rig {
    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    final InMemoryEventLog log = new InMemoryEventLog();
    final CountedLog counted = new CountedLog(log);
    final InProcessDoorbell doorbell = new InProcessDoorbell();
    final FakeThreads threads = new FakeThreads();
    final FakeRuns runs = new FakeRuns();
    final FakeTickets tickets = new FakeTickets(this::there);
    final EventFrames frames = new EventFrames(new FrameCache(DataSize.ofMegabytes(1)));
    final RouterFunction<ServerResponse> routes;
    private final Map<RunId, Long> nextRunSeq = new ConcurrentHashMap<>();
    private final WebTestClient client;

    Rig(String... keys) {
        this.routes = routes(new KeyFilter(ApiKeys.of(List.of(keys))));
        this.client = WebTestClient.bindToRouterFunction(routes)
                .webFilter(new RequestIds())
                .configureClient()
                .responseTimeout(Duration.ofSeconds(10))
                .build();
    }

    ThreadKey newThread() {
        return threads.add(new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()));
    }

    static String id(ThreadKey thread) {
        return OpenAiIds.thread(thread.id());
    }

    RunKey newRun(ThreadKey thread, long turn) {
        var run = new RunKey(thread, turn, RunId.fresh());
        runs.add(run);
        emit(run, new RunEvent.Admitted());
        return run;
    }

    /** Logs what a run does, and lets the readers know. */
    void emit(RunKey run, RunEvent... events) {
        for (RunEvent event : events) {
            long runSeq = nextRunSeq.merge(run.id(), 1L, Long::sum) - 1;
            write(run.thread(), run.turn(), new ThreadEvent.OfRun(run.id(), runSeq, event));
        }
    }

    void write(ThreadKey thread, long turn, ThreadEvent event) {
        long seq = log.head(thread).block() + 1;
        var logged = new LoggedEvent(seq, turn, AT.plusMillis(seq), event);
        log.append(new Append(thread, 1, UUID.randomUUID(), List.of(logged), List.of()))
                .block();
        doorbell.ring(thread.id());
    }

    /** The frames of a stream as they come, without comments. */
    Flux<String> follow(String path, String lastEventId) {
        return client.get()
                .uri(path)
                .header("Last-Event-ID", lastEventId)
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(DataBuffer.class)
                .getResponseBody()
                .map(buffer -> buffer.toString(UTF_8))
                .filter(frame -> !frame.startsWith(":"));
    }

    JsonNode post(String path, String body) {
        return exchange(200, HttpMethod.POST, path, body, Map.of());
    }

    /** A refusal with this status: its {@code error} member. */
    JsonNode refused(int status, HttpMethod method, String path, String body) {
        return exchange(status, method, path, body, Map.of()).get("error");
    }

    JsonNode exchange(int status, HttpMethod method, String path, String body, Map<String, String> headers) {
        var result = client.method(method)
                .uri(path)
                .headers(all -> headers.forEach(all::set))
                .bodyValue(body.getBytes(UTF_8))
                .exchange()
                .expectBody()
                .returnResult();
        byte[] answer = result.getResponseBody();
        assertThat(result.getStatus().value())
                .as(answer == null ? "" : new String(answer, UTF_8))
                .isEqualTo(status);
        return Json.read(answer);
    }

    /** What thread sockets work with. */
    ThreadSocketParts parts() {
        return new ThreadSocketParts(threads, counted, doorbell, new ThreadFeed(counted, doorbell), frames);
    }

    private Mono<?> there(Tickets.Scope scope) {
        return scope.run().isPresent() ? runs.find(scope.thread(), scope.run().get()) : threads.find(scope.thread());
    }

    private RouterFunction<ServerResponse> routes(KeyFilter keys) {
        var wiring = new StreamsConfiguration();
        var feed = new ThreadFeed(log, doorbell);
        var sse = new Sse(Duration.ofSeconds(15), Schedulers.parallel());
        return wiring.streamsRoutes(
                wiring.ticketsHandler(tickets, runs, new Bodies(DataSize.ofKilobytes(64))),
                wiring.threadEventsHandler(threads, log, feed, frames, sse),
                new ThreadSocketHandler(
                        parts(),
                        new SocketUpgrades(
                                new Sockets(Duration.ofSeconds(15), DataSize.ofKilobytes(64), Schedulers.parallel()))),
                keys,
                new TicketFilter(keys, tickets, runs));
    }
}
