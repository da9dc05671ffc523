package dev.heddle.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Scripts that ask for functions, round by round. */
@Timeout(60)
class ScriptedCallsTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CALLS = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
            + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}},"
            + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"time\",\"arguments\":\"{}\"}}]}";
    private static final String OUTPUTS = "{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"noon\"},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"18 degrees\"}";

    private final ScriptedModelServer server = ScriptedModelServer.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void closeAll() {
        http.shutdownNow();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [[call=weather({"city":"New York"})]]        | weather({"city":"New York"})
            [[call=time() call=time]]                    | time() time()
            x [[text=Hm. call=f({"a":[[1]],"b":")]]"})]] | Hm. f({"a":[[1]],"b":")]]"})
            [[text="Let me look." call=f({})]]           | Let me look. f({})
            [[call=f({"a":"\\\\\\"(]]"}) delay=1ms]]     | f({"a":"\\\\\\"(]]"})
            [[call=f({"a":]) call=g(not json)]]          | f({"a":]) g(not json)
            [[call=f({})]] [[call=g({}) chunks=2]]       | Answer to: f({}) g({})
            """)
    void callsAreWrittenInTheQuestion(String question, String answer) throws Exception {
        assertThat(answerTo(question)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x [[call=f({}]]", "x [[text=\"y]]", "x [[ y ] z", "[x]"})
    void whatIsNotClosedIsNoDirective(String question) throws Exception {
        assertThat(answerTo(question)).isEqualTo("Answer to: " + question);
    }

    @Test
    void eachRoundHasItsOwnOptions() throws Exception {
        var question = "Well? [[call=weather({}) finish_reason=stop then text=And call=time({}) then text=Done.]]";

        assertThat(answerTo(question)).isEqualTo("weather({})");
        assertThat(ask(question).body()).contains("\"finish_reason\":\"stop\"");
        assertThat(answerTo(question, CALLS, OUTPUTS)).isEqualTo("And time({})");
        assertThat(ask(question, CALLS, OUTPUTS).body()).contains("\"finish_reason\":\"tool_calls\"");
        assertThat(answerTo(question, CALLS, OUTPUTS, CALLS, OUTPUTS)).isEqualTo("Done.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Well?", "[[call=f()]]", "[[call=f() then delay=1ms]]"})
    void whoIsOutOfRoundsTellsTheOutputs(String question) throws Exception {
        assertThat(answerTo(question, CALLS, OUTPUTS)).isEqualTo("Outputs: time=noon; weather=18 degrees");
    }

    @Test
    void aNewQuestionBeginsAnew() throws Exception {
        var next = "{\"role\":\"user\",\"content\":\"And now? [[call=f()]]\"}";

        assertThat(answerTo("Well?", CALLS, OUTPUTS, next)).isEqualTo("f()");
    }

    @Test
    void roundsAreScriptedInJavaAndOverHttp() throws Exception {
        server.script(Script.calling("weather", "{}")
                .then(Script.saying("Hm").call("time", "{}"))
                .then(Script.saying("Done.")));
        assertThat(answerTo("Well?")).isEqualTo("weather({})");
        assertThat(answerTo("Well?", CALLS, OUTPUTS)).isEqualTo("Hm time({})");
        assertThat(answerTo("Well?", CALLS, OUTPUTS, CALLS, OUTPUTS)).isEqualTo("Done.");

        post("/script", "{\"calls\":[\"weather({})\"],\"then\":[{\"texts\":[\"Hm\"],\"calls\":[\"time()\"]},{}]}");
        assertThat(answerTo("Well?")).isEqualTo("weather({})");
        assertThat(answerTo("Well?", CALLS, OUTPUTS)).isEqualTo("Hm time()");
        assertThat(answerTo("Well?", CALLS, OUTPUTS, CALLS, OUTPUTS)).startsWith("Outputs: ");
    }

    @Test
    void aRoundFailsAsOftenAsItSays() throws Exception {
        var question = "Well? [[call=f() then fail=status@503 failures=1]]";

        assertThat(ask(question).statusCode()).isEqualTo(200);
        assertThat(ask(question, CALLS, OUTPUTS).statusCode()).isEqualTo(503);
        assertThat(ask(question, CALLS, OUTPUTS).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatBreaksTheRulesIsRefusedAndKept() throws Exception {
        var refused = ask("Well? [[text=Yes]]", CALLS);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("no output follows for the calls", "invalid_request_error");
        assertThat(server.violations()).singleElement().asString().contains("no output follows");
        assertThat(http.send(to("/violations").build(), BodyHandlers.ofString()).body())
                .startsWith("[\"no output follows");
        assertThat(ask("Well?").statusCode()).isEqualTo(200);
    }

    @Test
    void theLengthOfAnAnswerIsKnownBeforeAndDoesNotDependOnItsFailure() throws Exception {
        var question = "Well? [[text=Hm call=f({\"a\":\"ü\"}) chars_per_fragment=1]]";
        int length = ask(question).body().getBytes(UTF_8).length;

        var failing = request(question + " [[fail=end-at-byte@7]]");

        assertThat(server.lengthOf(new Prompt(failing, ""))).isEqualTo(length);
        assertThat(post("/length", failing).body()).isEqualTo("{\"length\":" + length + "}");
        assertThat(post("/v1/chat/completions", failing).body()).isEqualTo("data: {");
    }

    @Test
    void thePromptTellsWhatTheModelWasGiven() {
        var prompt = new Prompt("""
                {"model":"m","max_completion_tokens":7,"parallel_tool_calls":false,
                 "tool_choice":{"type":"function","function":{"name":"time"}},
                 "tools":[{"type":"function","function":{"name":"weather","strict":true}},
                          {"type":"function","function":{"name":"time"}}],
                 "messages":[{"role":"user","content":"Well?"},%s,%s]}""".formatted(CALLS, OUTPUTS), "");

        assertThat(prompt.tools()).containsExactly("weather", "time");
        assertThat(prompt.tool("weather").path("strict").booleanValue()).isTrue();
        assertThat(prompt.toolChoice()).isEqualTo("time()");
        assertThat(prompt.parallelToolCalls()).isFalse();
        assertThat(prompt.maxCompletionTokens()).hasValue(7);
        assertThat(prompt.round()).isEqualTo(1);
        assertThat(prompt.messages().get(1).calls())
                .containsExactly(new Prompt.Call("a", "weather", "{}"), new Prompt.Call("b", "time", "{}"));
        assertThat(prompt.outputs())
                .containsExactly(
                        new Prompt.Output("b", "time", "noon"), new Prompt.Output("a", "weather", "18 degrees"));
    }

    /** Texts, put together, then calls as directives have them, with blanks between. */
    private String answerTo(String question, String... messages) throws Exception {
        var text = new StringBuilder();
        var names = new ArrayList<String>();
        var arguments = new ArrayList<StringBuilder>();
        for (var delta : deltas(ask(question, messages).body())) {
            text.append(delta.path("content").asString(""));
            for (var call : delta.path("tool_calls")) {
                if (call.has("id")) {
                    names.add(call.path("function").path("name").stringValue());
                    arguments.add(new StringBuilder());
                }
                arguments
                        .getLast()
                        .append(call.path("function").path("arguments").stringValue());
            }
        }
        for (int i = 0; i < names.size(); i++) {
            text.append(' ')
                    .append(names.get(i))
                    .append('(')
                    .append(arguments.get(i))
                    .append(')');
        }
        return text.toString().strip();
    }

    private static List<JsonNode> deltas(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JSON.readTree(line.substring("data: ".length())))
                .flatMap(chunk -> chunk.path("choices").valueStream())
                .map(choice -> choice.path("delta"))
                .toList();
    }

    private HttpResponse<String> ask(String question, String... messages) throws IOException, InterruptedException {
        return post("/v1/chat/completions", request(question, messages));
    }

    private static String request(String question, String... messages) {
        var asks = JSON.writeValueAsString(Map.of("role", "user", "content", question));
        return "{\"model\":\"m\",\"messages\":["
                + String.join(
                        ",", Stream.concat(Stream.of(asks), Stream.of(messages)).toList()) + "]}";
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }
}
