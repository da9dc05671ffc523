package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ScriptedModelServerTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long MEMORY_OF_SERVER_AND_CLIENT = 60L << 20;

    private final ScriptedModelServer server = ScriptedModelServer.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void closeAll() {
        http.shutdownNow();
        server.close();
    }

    @Test
    void withoutAScriptTheQuestionIsRepeatedWordByWord() throws Exception {
        var lines = ask("which way")
                .body()
                .lines()
                .filter(line -> line.contains("\"content\""))
                .toList();

        assertThat(lines).hasSize(5);
        assertThat(lines.getLast()).contains("\"content\":\" way\"");
        assertThat(server.meter().read().tokensSent()).isEqualTo(4);
    }

    @Test
    void directivesInTheQuestionChangeTheScriptAndAreNotRepeated() throws Exception {
        var body = ask("hi [[chunks=5 finish_reason=length usage=none]]").body();

        assertThat(body)
                .contains("\" hi\"", "\" w4\"", "\"finish_reason\":\"length\"")
                .doesNotContain("[[", "usage");
        assertThat(body).endsWith("data: [DONE]\n\n");
    }

    @Test
    void anUnknownDirectiveIsRefused() throws Exception {
        var answer = ask("hi [[chunk=5]]");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("no option is called chunk");
    }

    @Test
    void scriptsAreSetOverHttp() throws Exception {
        post("/script", "{\"texts\":[\"for all\"]}");
        post("/script", "{\"for\":\"Paris\",\"fail\":\"status@503\",\"failures\":1,\"retry_after\":\"7\"}");

        var failed = ask("Paris?");

        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.headers().firstValue("retry-after")).contains("7");
        assertThat(ask("Paris?").body()).contains("Answer");
        assertThat(ask("Rome?").body()).contains("for all");
    }

    @Test
    void promptsAndCountsAreReadOverHttp() throws Exception {
        ask("one");
        ask("two");

        assertThat(server.prompts()).extracting(Prompt::question).containsExactly("one", "two");
        assertThat(get("/prompts")).startsWith("[{\"model\":\"m\"").containsSubsequence("one", "two");
        assertThat(get("/meter")).contains("\"requests\":2", "\"tokens_sent\":6", "\"open_streams\":0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset@2", "drop@2", "end@2"})
    void aFailureWaitsForTheChunksBeforeIt(String failure) {
        server.script(Script.saying("one", "two").delay(Duration.ofMillis(5)).failing(Failure.parse(failure)));

        var texts = stream(ConnectionProvider.newConnection(), "hi")
                .onErrorComplete()
                .collect(Collectors.joining())
                .block();

        assertThat(texts).contains("one", "two").doesNotContain("[DONE]");
        assertThat(server.meter().read().tokensSent()).isEqualTo(2);
    }

    @Test
    void aClientThatGoesAwayIsNoticed() {
        server.script(Script.saying("a", "b").failing(new Failure.Silence(2)));

        StepVerifier.create(stream(ConnectionProvider.newConnection(), "bye").take(1))
                .expectNextCount(1)
                .verifyComplete();

        StepVerifier.create(server.meter().clientCloses())
                .assertNext(close -> assertThat(close.question()).isEqualTo("bye"))
                .thenCancel()
                .verify();
    }

    @Test
    void aThousandStreamsAtOnceTakeLittleMemory() {
        server.script(Script.ECHO.failing(new Failure.Silence(3)));
        var connections = ConnectionProvider.create("thousand", 1_000);
        long before = usedMemory();

        var lastWords = Flux.range(0, 1_000)
                .flatMap(i -> stream(connections, "q" + i).filter(text -> text.contains("\" q")), 1_000);

        StepVerifier.create(lastWords)
                .expectNextCount(1_000)
                .then(() -> assertThat(server.meter().read().openStreams()).isEqualTo(1_000))
                .then(() -> assertThat(usedMemory() - before).isLessThan(MEMORY_OF_SERVER_AND_CLIENT))
                .thenCancel()
                .verify(Duration.ofSeconds(30));
        connections.dispose();
    }

    private Flux<String> stream(ConnectionProvider connections, String question) {
        return reactor.netty.http.client.HttpClient.create(connections)
                .post()
                .uri(server.baseUrl() + "/chat/completions")
                .send(ByteBufMono.fromString(Mono.just(request(question))))
                .responseContent()
                .asString();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private HttpResponse<String> ask(String question) throws IOException, InterruptedException {
        return post("/v1/chat/completions", request(question));
    }

    private static String request(String question) {
        return "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
                + JSON.writeValueAsString(question) + "}]}";
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private String get(String path) throws IOException, InterruptedException {
        return http.send(to(path).build(), BodyHandlers.ofString()).body();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }
}
