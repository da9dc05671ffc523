package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.Json;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Mono;

/** What goes wrong around the operations: keys, bodies, and us. */
class AssistantsErrorsTests {
    private final Facade facade = Facade.open();

    @Test
    void aBodyThatIsNotJsonIsToldSo() {
        for (String body : new String[] {"{", "nonsense", "{}{}", "{\"a\":NaN}"}) {
            var error = facade.refused(400, POST, "/v1/threads", body);
            assertThat(error.get("message").stringValue())
                    .startsWith("We could not parse the JSON body of your request. (HINT: This likely means");
            assertThat(error.get("code").isNull()).isTrue();
        }
    }

    @Test
    void aBodyThatIsNoObjectIsToldSo() {
        assertThat(facade.refused(400, POST, "/v1/threads", "[]").get("message").stringValue())
                .isEqualTo("Invalid type for 'body': expected an object, but got an array instead.");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        var body = "{\"metadata\":{\"k\":\"" + "x".repeat(Facade.MAX_BODY) + "\"}}";

        assertThat(facade.refused(413, POST, "/v1/threads", body).get("message").stringValue())
                .contains(Integer.toString(Facade.MAX_BODY));
    }

    @Test
    void aFaultOfOursMayBeRepeatedUnderAKey() {
        var result = facade.client
                .post()
                .uri("/v1/threads")
                .header("Idempotency-Key", "order-7")
                .exchange()
                .expectBody()
                .returnResult();

        assertThat(result.getStatus().value()).isEqualTo(500); // The fakes know no keys.
        assertThat(result.getResponseHeaders().getFirst("x-should-retry")).isNull();
    }

    @Test
    void aBadKeyIsA400ThatNamesTheHeader() {
        var result = facade.client
                .post()
                .uri("/v1/threads/" + facade.newThread() + "/messages")
                .header("Idempotency-Key", "")
                .exchange()
                .expectBody()
                .returnResult();

        assertThat(result.getStatus().value()).isEqualTo(400);
        assertThat(Facade.text(result))
                .contains("\"param\":\"Idempotency-Key\"")
                .contains("empty");
    }

    @Test
    void aFaultOfOursIsA500ThatMustNotBeRepeatedOnceItMayHaveStored() {
        var runs = "/v1/threads/" + facade.newThread() + "/runs";
        var body = "{\"assistant_id\":\"" + facade.newAssistant() + "\"}";
        facade.admission.breaks();

        var result = facade.exchange(POST, runs, body);

        assertThat(result.getStatus().value()).isEqualTo(500);
        assertThat(result.getResponseHeaders().getFirst("x-should-retry")).isEqualTo("false");
        assertThat(Facade.text(result))
                .contains("\"type\":\"server_error\"")
                .contains(result.getResponseHeaders().getFirst("x-request-id"))
                .doesNotContain("disk");
    }

    @Test
    void everyAnswerCarriesTheHeadersOfTheApi() {
        var headers = facade.exchange(GET, "/v1/assistants", "").getResponseHeaders();

        assertThat(headers.getFirst("openai-version")).isEqualTo("2020-10-01");
        assertThat(headers.getFirst("openai-processing-ms")).matches("\\d+");
    }

    @Test
    void keysAreAskedForWhereThereAreSome() {
        var closed = new Facade(
                AssistantsSettings.of(Compat.OPEN, Sample.EXPIRY, Sample.MAX_RUNNING),
                "a:sk-alpha-0001",
                "b:sk-beta-00002");

        assertThat(withKey(closed, "Bearer sk-beta-00002").getStatus().value()).isEqualTo(200);
        var none = Json.read(closed.exchange(GET, "/v1/assistants", "").getResponseBody())
                .get("error");
        var wrong = withKey(closed, "Bearer sk-beta-00003");
        assertThat(none.get("message").stringValue()).startsWith("You didn't provide an API key.");
        assertThat(none.get("code").isNull()).isTrue();
        assertThat(wrong.getStatus().value()).isEqualTo(401);
        assertThat(Facade.text(wrong))
                .contains("Incorrect API key provided: sk-b***0003.")
                .contains("invalid_api_key");
        OpenAiSchema.check("ErrorResponse", Facade.text(wrong));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalsThatOpenAiHasNoWordsForAreToldInOurs(Problem problem, int status, String code, String message) {
        var result = refuse(problem);

        OpenAiSchema.check("ErrorResponse", Facade.text(result));
        var error = Json.read(result.getResponseBody()).get("error");
        assertThat(result.getStatus().value()).isEqualTo(status);
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("message").stringValue()).isEqualTo(message);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(
                        new Problem.StillBusy(Sample.THREAD.id(), List.of()),
                        400,
                        "thread_busy",
                        "Thread thread_0003234KEATpIXdBl5kMPain still has active runs; nothing was stored."),
                arguments(
                        new Problem.NotQueued(Sample.RUN.id(), RunStatus.REQUIRES_ACTION),
                        400,
                        "run_not_queued",
                        "Run run_0003234KEATpIXdBl5kMPaio waits in no queue: its status is 'requires_action'."),
                arguments(
                        new Problem.ItemInProgress(Sample.MESSAGE),
                        400,
                        "message_in_progress",
                        "Can't delete message msg_0003234KEATpIXdBl5kMPaip while its run is writing it."),
                arguments(
                        new Problem.KeyReused("k-1"),
                        422,
                        "idempotency_key_reused",
                        "The key 'k-1' was used before, for another request."));
    }

    private static EntityExchangeResult<byte[]> refuse(Problem problem) {
        var routes = RouterFunctions.route()
                .GET("/", _ -> Mono.error(new ProblemException(problem)))
                .build()
                .filter(AssistantsErrors::filter);
        return WebTestClient.bindToRouterFunction(routes)
                .build()
                .get()
                .uri("/")
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static EntityExchangeResult<byte[]> withKey(Facade facade, String authorization) {
        return facade.client
                .get()
                .uri("/v1/assistants")
                .header(HttpHeaders.AUTHORIZATION, authorization)
                .exchange()
                .expectBody()
                .returnResult();
    }
}
