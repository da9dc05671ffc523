package dev.heddle.gateway.protocol.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** A ticket instead of a key: for one stream, once, for a minute. */
class TicketsTests {
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer sk-secret");
    private static final String TICKETS = "/v1/stream_tickets";

    private final Rig rig = new Rig("default:sk-secret");
    private final ThreadKey thread = rig.newThread();
    private final ThreadKey other = rig.newThread();
    private final RunKey run = rig.newRun(thread, 1);

    @Test
    void aTicketTellsWhatItIsForAndForHowLong() {
        var ticket = ticket("{\"thread_id\":\"" + Rig.id(thread) + "\"}");

        assertThat(ticket.get("object").stringValue()).isEqualTo("stream_ticket");
        assertThat(ticket.get("ticket").stringValue()).startsWith("tkt_");
        assertThat(ticket.get("thread_id").stringValue()).isEqualTo(Rig.id(thread));
        assertThat(ticket.get("run_id").isNull()).isTrue();
        assertThat(ticket.get("expires_at").longValue())
                .isEqualTo(Rig.AT.plusSeconds(60).getEpochSecond());
    }

    @Test
    void aTicketOpensItsThreadWithoutAKeyAndJustOnce() {
        String path = events(thread, ticket("{\"thread_id\":\"" + Rig.id(thread) + "\"}"));

        StepVerifier.create(rig.follow(path, "").take(1)).expectNextCount(1).verifyComplete();

        assertThat(refusedTicket(path).get("code").stringValue()).isEqualTo("invalid_ticket");
    }

    @Test
    void aConversationIsAThreadAndAResponseIsARun() {
        var conversation = OpenAiIds.conversation(thread.id());
        var response = OpenAiIds.response(run.id());

        assertThat(ticket("{\"thread_id\":\"" + conversation + "\"}")
                        .get("thread_id")
                        .stringValue())
                .isEqualTo(conversation);
        var alone = ticket("{\"run_id\":\"" + response + "\"}");
        assertThat(alone.get("run_id").stringValue()).isEqualTo(response);
        assertThat(alone.get("thread_id").stringValue()).isEqualTo(Rig.id(thread));
        assertThat(ticket("{\"run_id\":\"" + response + "\",\"thread_id\":\"" + conversation + "\"}")
                        .get("thread_id")
                        .stringValue())
                .isEqualTo(conversation);
    }

    @Test
    void aTicketThatIsTooOldOrMadeUpOpensNothing() {
        String path = events(thread, ticket("{\"thread_id\":\"" + Rig.id(thread) + "\"}"));
        rig.tickets.pass(Duration.ofSeconds(60));

        assertThat(refusedTicket(path).get("code").stringValue()).isEqualTo("invalid_ticket");
        assertThat(refusedTicket(events(thread, "tkt_madeup")).get("type").stringValue())
                .isEqualTo("invalid_request_error");
    }

    @Test
    void aBadTicketIsRefusedAlsoWhereNoKeyIsAskedFor() {
        var open = new Rig();
        var there = open.newThread();

        open.refused(401, GET, events(there, "tkt_madeup"), "");
    }

    @Test
    void whatATicketIsNotForIsNotThere() {
        String ofThread = "{\"thread_id\":\"" + Rig.id(thread) + "\"}";
        String ofRun = "{\"run_id\":\"" + OpenAiIds.run(run.id()) + "\"}";

        rig.refused(404, GET, events(other, ticket(ofThread)), "");
        rig.refused(404, GET, events(thread, ticket(ofRun)), "");
        rig.refused(404, GET, "/v1/stream?ticket=" + text(ticket(ofRun)), "");
        rig.refused(426, GET, "/v1/stream?ticket=" + text(ticket(ofThread)), "");
    }

    @Test
    void aRunsStreamIsOpenedByATicketForItOrForItsThread() {
        var second = rig.newRun(thread, 2);
        var foreign = rig.newRun(other, 1);
        String ofThread = "{\"thread_id\":\"" + Rig.id(thread) + "\"}";
        String ofRun = "{\"run_id\":\"" + OpenAiIds.run(run.id()) + "\"}";

        assertThat(opened(run, ofRun)).isEqualTo(200);
        assertThat(opened(run, ofThread)).isEqualTo(200);
        assertThat(opened(second, ofRun)).isEqualTo(404);
        assertThat(opened(foreign, ofThread)).isEqualTo(404);
        assertThat(openedAsResponse(run, ofRun, "&stream=true")).isEqualTo(200);
        assertThat(openedAsResponse(second, ofThread, "&stream=true")).isEqualTo(200);
        assertThat(openedAsResponse(second, ofRun, "&stream=true")).isEqualTo(404);
        assertThat(openedAsResponse(foreign, ofThread, "&stream=true")).isEqualTo(404);
        assertThat(openedAsResponse(run, ofRun, ""))
                .as("the object, not its stream")
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "{\"thread_id\":7}", "{\"thread_id\":\"run_1\"}", "{\"run_id\":\"x\"}", "{\"a\":1}"})
    void whatNamesNothingIsRefused(String body) {
        rig.exchange(400, POST, TICKETS, body, KEY);
    }

    @Test
    void noTicketIsForWhatIsNotThere() {
        var missing = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());

        rig.exchange(404, POST, TICKETS, "{\"thread_id\":\"" + Rig.id(missing) + "\"}", KEY);
        rig.exchange(404, POST, TICKETS, "{\"run_id\":\"run_000000000000000000000000\"}", KEY);
        rig.exchange(
                404,
                POST,
                TICKETS,
                "{\"run_id\":\"" + OpenAiIds.run(run.id()) + "\",\"thread_id\":\"" + Rig.id(other) + "\"}",
                KEY);
    }

    @Test
    void aTicketIsAskedForWithAKeyAndNeverUnderAnIdempotencyKey() {
        String body = "{\"thread_id\":\"" + Rig.id(thread) + "\"}";

        rig.refused(401, POST, TICKETS, body);
        rig.refused(401, POST, TICKETS + "?ticket=" + text(ticket(body)), body);
        var error = rig.exchange(
                        400,
                        POST,
                        TICKETS,
                        body,
                        Map.of("Authorization", "Bearer sk-secret", "Idempotency-Key", "again"))
                .get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("unsupported_parameter");
        assertThat(error.get("param").stringValue()).isEqualTo("Idempotency-Key");
    }

    private JsonNode ticket(String body) {
        return rig.exchange(200, POST, TICKETS, body, KEY);
    }

    private JsonNode refusedTicket(String path) {
        return rig.refused(401, GET, path, "");
    }

    private int opened(RunKey wanted, String ticketBody) {
        return status("/v1/threads/" + Rig.id(wanted.thread()) + "/runs/" + OpenAiIds.run(wanted.id()) + "?ticket="
                + text(ticket(ticketBody)));
    }

    private int openedAsResponse(RunKey wanted, String ticketBody, String more) {
        return status(
                "/v1/responses/" + OpenAiIds.response(wanted.id()) + "?ticket=" + text(ticket(ticketBody)) + more);
    }

    /** Of routes as other protocols have them. */
    private int status(String path) {
        var routes = RouterFunctions.route()
                .GET(
                        "/v1/threads/{thread_id}/runs/{run_id}",
                        _ -> ServerResponse.ok().build())
                .GET("/v1/responses/{response_id}", _ -> ServerResponse.ok().build())
                .build()
                .filter(new TicketFilter(
                        new KeyFilter(ApiKeys.of(List.of("default:sk-secret"))), rig.tickets, rig.runs))
                .filter(StreamsErrors::filter);
        return WebTestClient.bindToRouterFunction(routes)
                .build()
                .get()
                .uri(path)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static String events(ThreadKey thread, JsonNode ticket) {
        return events(thread, text(ticket));
    }

    private static String events(ThreadKey thread, String ticket) {
        return "/v1/threads/" + Rig.id(thread) + "/events?ticket=" + ticket;
    }

    private static String text(JsonNode ticket) {
        return ticket.get("ticket").stringValue();
    }
}
