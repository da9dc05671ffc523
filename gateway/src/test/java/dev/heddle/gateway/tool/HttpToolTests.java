package dev.heddle.gateway.tool;

import static dev.heddle.gateway.tool.Tools.call;
import static dev.heddle.gateway.tool.Tools.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.gateway.testing.ToolAnswer;
import dev.heddle.gateway.testing.ToolRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
class HttpToolTests {
    private static final SecretHeader SECRET = SecretHeader.of("X-Api-Key: topsecret-1");

    private final ScriptedToolServer server = ScriptedToolServer.start();
    private HttpTool tool = tool(settings(server));

    @AfterEach
    void closeAll() {
        tool.dispose();
        server.close();
    }

    @Test
    void aCallPostsItsArgumentsAndTheAnswersTextIsTheOutput() {
        server.script("weather", ToolAnswer.text("{\"sky\":\"grüßt €\"}"));

        assertThat(output("{\"city\":\"Köln\", \"n\": 1.00}")).isEqualTo("{\"sky\":\"grüßt €\"}");

        ToolRequest request = server.requests().getFirst();
        assertThat(request.body()).isEqualTo("{\"city\":\"Köln\", \"n\": 1.00}");
        assertThat(request.idempotencyKey()).isEqualTo("call_1");
        assertThat(request.header("content-type")).isEqualTo("application/json");
        assertThat(request.header("user-agent")).isEqualTo("heddle");
        assertThat(request.header("content-length")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{}"})
    void noArgumentsAreAnEmptyObject(String arguments) {
        output(arguments);

        assertThat(server.requests())
                .extracting(request -> request.body().strip())
                .containsExactly("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{", "{} {}", "{}}", "{\"a\":}", "Rome", "\"Rome\"", "null", "1"})
    void whatIsNoJsonObjectIsNotSent(String arguments) {
        assertThat(output(arguments))
                .isEqualTo("The tool weather was not called, because the arguments are not a JSON object.");

        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200, all good", "201, made", "202, ''", "204, ''"})
    void everyStatusOfSuccessIsOne(int status, String body) {
        server.script("weather", ToolAnswer.status(status, body));

        assertThat(output("{}")).isEqualTo(body);
    }

    @Test
    void theSecretIsSentAndHiddenWhereTheToolRepeatsIt() {
        replace(settings(server).withSecret(SECRET));
        server.script(
                "weather",
                ToolAnswer.text("you sent topsecret-1"),
                ToolAnswer.status(401, "wrong key topsecret-1, not topsecret-1!"));

        assertThat(output("{}")).isEqualTo("you sent [secret]");
        assertThat(output("{}")).endsWith(":\nwrong key [secret], not [secret]!");

        assertThat(server.requests())
                .extracting(request -> request.header("x-api-key"))
                .containsExactly("topsecret-1", "topsecret-1");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "2, 2", "4, 3"})
    void anAnswerThatIsTooLongIsCutBetweenCharacters(int maxBytes, int bytesShown) {
        replace(settings(server).withLimits(new HttpToolSettings.Limits(Duration.ofSeconds(9), maxBytes)));
        server.script("weather", ToolAnswer.text("abc€"));

        assertThat(output("{}"))
                .isEqualTo("abc".substring(0, bytesShown) + "\n[Cut here: the output is longer than " + maxBytes
                        + " bytes.]");
    }

    @Test
    void anAnswerThatJustFitsIsWhole() {
        replace(settings(server).withLimits(new HttpToolSettings.Limits(Duration.ofSeconds(9), 6)));
        server.script("weather", ToolAnswer.text("abc€"));

        assertThat(output("{}")).isEqualTo("abc€");
    }

    @Test
    void noMoreOfAHugeAnswerIsReadThanIsWanted() {
        replace(settings(server).withLimits(new HttpToolSettings.Limits(Duration.ofSeconds(50), 100_000)));
        server.script("weather", new ToolAnswer.Huge(1L << 30));

        assertThat(output("{}")).startsWith("x".repeat(100_000) + "\n[Cut").hasSizeLessThan(100_100);

        StepVerifier.create(server.clientCloses())
                .expectNextCount(1)
                .thenCancel()
                .verify();
        assertThat(server.bytesSent()).isLessThan(1L << 26);
    }

    @Test
    void whatCanNotBeStoredIsReplaced() {
        server.script("weather", ToolAnswer.text("a\0b"));

        assertThat(output("{}")).isEqualTo("a\uFFFDb");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancellingClosesTheConnection(boolean inTheBody) {
        server.script("weather", inTheBody ? new ToolAnswer.Stall("half") : new ToolAnswer.Silence());

        StepVerifier.create(tool.output(call("{\"a\":1}")))
                .expectSubscription()
                .then(() -> server.arrivals().blockFirst())
                .thenCancel()
                .verify();

        StepVerifier.create(server.clientCloses())
                .assertNext(call -> assertThat(call.body()).isEqualTo("{\"a\":1}"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void nothingIsSentBeforeSubscription() {
        Mono<String> output = tool.output(call("{}"));
        assertThat(server.requests()).isEmpty();

        output.block();
        output.block();

        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void eachCallHasAConnectionOfItsOwn() {
        for (int i = 0; i < 5; i++) {
            output("{}");
        }

        assertThat(server.connections()).isEqualTo(5);
        assertThat(server.requests())
                .extracting(request -> request.header("connection"))
                .containsOnly("close");
    }

    @Test
    void anIdempotentToolIsCalledOnConnectionsThatWereUsed() {
        replace(settings(server).withIdempotent());
        for (int i = 0; i < 10; i++) {
            output("{}");
        }

        // Not one, because a call may find the connection of the one before on its way back to the pool.
        assertThat(server.connections()).isLessThan(6);
        assertThat(server.requests())
                .extracting(request -> request.header("connection"))
                .containsOnly("");
    }

    private String output(String arguments) {
        return tool.output(call(arguments)).block();
    }

    private void replace(HttpToolSettings settings) {
        tool.dispose();
        tool = tool(settings);
    }

    private static HttpTool tool(HttpToolSettings settings) {
        return new HttpTool(settings, Schedulers.parallel());
    }
}
