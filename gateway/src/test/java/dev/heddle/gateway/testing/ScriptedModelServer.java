package dev.heddle.gateway.testing;

import io.netty.channel.Channel;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model server on a real socket ({@code POST /v1/chat/completions}, streamed) that answers and fails as {@link Script}s
 * say: that for the question (the last message of the user), else that for all, changed by the directives in the question
 * itself, such as {@code [[chunks=20 delay=10ms fail=reset@5]]}. Their options:
 *
 * <ul>
 *   <li>{@code text=Sunny.} or {@code text="It is sunny."}, said word by word; {@code chunks=20} chunks of text
 *   <li>{@code reasoning="Hm. Well."} reasons word by word, in the order in which texts, reasoning and calls stand there, as
 *       often as they do; {@code reasoning_shape=reasoning_content|reasoning|both}
 *   <li>{@code saw} says what messages it was sent, in one line ({@link Prompt#listing}), for tests of contexts
 *   <li>{@code call=weather({"city":"New York"})} asks for a function, as often as it stands there. What is
 *       in the parentheses is sent as it is: nothing ({@code call=time()}), or what is no JSON; only quotes and parentheses
 *       must have their second halves
 *   <li>{@code call_shape=openai|no_index|repeated|whole|at_once|same_index|no_id|interleaved}: {@link Script.CallShape};
 *       {@code chars_per_fragment=8}: the pieces of arguments
 *   <li>{@code finish_reason=stop}, {@code usage=none|last|every}, {@code cached_tokens=5}; reasoning counts by itself too
 *   <li>{@code delay=10ms}, {@code first_delay=2s}, {@code chunks_per_write=3}, {@code bytes_per_write=7}
 *   <li>{@code fail=reset@5} after five chunks of text and of calls, {@code fail=reset-at-byte@123} within them: every record
 *       of {@link Failure}; {@code failures=2} (only so many requests for this round fail), {@code error_body},
 *       {@code retry_after}
 * </ul>
 *
 * <p>A question may take several rounds: {@code [[call=weather({"city":"Paris"}) call=time() then text=Look: call=map({})
 * then fail=reset@2 failures=1]]}. The round is the number of messages with calls since the question, so nothing is
 * remembered here, and a request that is repeated gets the same answer. The options of a round are for that round only. One
 * that says neither text nor calls, as those after the last {@code then}, answers what it was given:
 * {@code Outputs: weather=18 degrees; time=noon; map=} and so on, all outputs since the question in the order they came.
 *
 * <p>A request that a strict model would not understand ({@link StrictRequest}) is answered with 400 whatever the script
 * says, and kept among the {@link #violations}.
 *
 * <p>From outside: {@code POST /script} with the options of {@link ScriptOptions} (and {@code for}: a part of the questions
 * it is for), {@code POST /length} with a request, {@code POST /reset}, {@code GET /prompts}, {@code GET /violations},
 * {@code GET /meter}.
 */
public final class ScriptedModelServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final int PROMPTS_KEPT = 1_000;
    private static final String WARM_UP = """
            {"model":"m","messages":[{"role":"user","content":"[[call=f({})]]"}],"tools":[]}""";

    private final Scripts scripts = new Scripts();
    private final TokenMeter meter = new TokenMeter();
    private final Deque<Prompt> prompts = new ArrayDeque<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final DisposableServer server;

    private ScriptedModelServer(int port) {
        warmUp();
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .doOnChannelInit((_, channel, _) -> count(channel))
                .route(this::routes)
                .bindNow();
    }

    /** On a port that is free. */
    public static ScriptedModelServer start() {
        return new ScriptedModelServer(0);
    }

    public static ScriptedModelServer start(int port) {
        return new ScriptedModelServer(port);
    }

    /** Runs the server until it is killed: {@code [--port 9000]}. */
    public static void main(String[] args) {
        int port = args.length == 2 && args[0].equals("--port") ? Integer.parseInt(args[1]) : 0;
        var server = start(port);
        System.out.println(server.introduction());
        server.server.onDispose().block();
    }

    /** What {@code OPENAI_BASE_URL} is set to. */
    public URI baseUrl() {
        return url("/v1");
    }

    public int port() {
        return server.port();
    }

    /** Answers every question with {@code script}, unless it has one of its own. */
    public void script(Script script) {
        scripts.set(script);
    }

    /** Answers questions that contain {@code part} with {@code script}. */
    public void scriptFor(String part, Script script) {
        scripts.setFor(part, script);
    }

    /** The newest 1,000 requests in the order they came, also those that were made to fail. */
    public List<Prompt> prompts() {
        synchronized (prompts) {
            return List.copyOf(prompts);
        }
    }

    /** What was wrong with the requests that no strict model would take; the first 1,000. Empty when all is well. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** The bytes of the whole body that answers {@code prompt} by the scripts as they are, failures apart. */
    public long lengthOf(Prompt prompt) {
        return new ScriptedChunks(scripts.scriptFor(prompt), prompt).length();
    }

    public TokenMeter meter() {
        return meter;
    }

    /** Closes all connections too. */
    @Override
    public void close() {
        server.disposeNow();
    }

    /** Jackson takes a lock when it meets a class for the first time, which no event loop should. */
    private void warmUp() {
        lengthOf(new Prompt(WARM_UP, ""));
        StrictRequest.violationIn(JSON.readTree(WARM_UP));
        JSON.writeValueAsString(Map.of("error", meter.read()));
        ScriptOptions.fromJson(JSON.readTree("{}"));
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private String introduction() {
        return """
                port %d
                base URL      %s
                script it     POST %s
                forget all    POST %s
                what it heard GET %s
                what is wrong GET %s
                what it sent  GET %s""".formatted(
                port(), baseUrl(), url("/script"), url("/reset"), url("/prompts"), url("/violations"), url("/meter"));
    }

    private void count(Channel channel) {
        meter.connectionOpened();
        channel.closeFuture().addListener(_ -> meter.connectionClosed());
    }

    private void routes(HttpServerRoutes routes) {
        routes.post(
                        "/v1/chat/completions",
                        (request, response) -> body(request).flatMap(body -> answer(body, request, response)))
                .post("/script", (request, response) -> body(request).flatMap(body -> setScript(body, response)))
                .post(
                        "/reset",
                        (_, response) -> Mono.fromRunnable(this::reset)
                                .then(response.status(204).send()))
                .post("/length", (request, response) -> body(request).flatMap(body -> length(body, response)))
                .get("/prompts", (_, response) -> json(response, promptsJson()))
                .get("/violations", (_, response) -> json(response, JSON.writeValueAsString(violations())))
                .get("/meter", (_, response) -> json(response, meterJson()));
    }

    private static Mono<String> body(HttpServerRequest request) {
        return request.receive().aggregate().asString().defaultIfEmpty("");
    }

    private Mono<Void> answer(String body, HttpServerRequest request, HttpServerResponse response) {
        try {
            var prompt = new Prompt(body, request.requestHeaders().get("authorization", ""));
            keep(prompt);
            var violation = StrictRequest.violationIn(prompt.body());
            if (violation.isPresent()) {
                return refuseStrictly(violation.get(), response);
            }
            var script = scripts.next(prompt);
            return new ScriptedAnswer(script, prompt, meter, connectionOf(request)).send(response);
        } catch (JacksonException | IllegalArgumentException wrong) {
            return refuse(wrong, response);
        }
    }

    private Mono<Void> refuseStrictly(String violation, HttpServerResponse response) {
        if (violations.size() < PROMPTS_KEPT) {
            violations.add(violation);
        }
        return refuse(violation, response);
    }

    private static Connection connectionOf(HttpServerRequest request) {
        var connection = new AtomicReference<Connection>();
        request.withConnection(connection::set);
        return connection.get();
    }

    private Mono<Void> setScript(String body, HttpServerResponse response) {
        try {
            var options = (ObjectNode) JSON.readTree(body);
            var part = options.remove("for");
            var script = ScriptOptions.fromJson(options);
            if (part == null) {
                script(script);
            } else {
                scriptFor(part.asString(), script);
            }
            return response.status(204).send();
        } catch (JacksonException | IllegalArgumentException wrong) {
            return refuse(wrong, response);
        }
    }

    private static Mono<Void> refuse(RuntimeException wrong, HttpServerResponse response) {
        return refuse(String.valueOf(wrong.getMessage()), response);
    }

    private static Mono<Void> refuse(String message, HttpServerResponse response) {
        var error = Map.of("error", Map.of("message", message, "type", "invalid_request_error"));
        return json(response.status(400), JSON.writeValueAsString(error));
    }

    private Mono<Void> length(String body, HttpServerResponse response) {
        try {
            return json(response, JSON.writeValueAsString(Map.of("length", lengthOf(new Prompt(body, "")))));
        } catch (JacksonException | IllegalArgumentException wrong) {
            return refuse(wrong, response);
        }
    }

    private void reset() {
        scripts.reset();
        violations.clear();
        synchronized (prompts) {
            prompts.clear();
        }
    }

    private void keep(Prompt prompt) {
        synchronized (prompts) {
            prompts.addLast(prompt);
            if (prompts.size() > PROMPTS_KEPT) {
                prompts.removeFirst();
            }
        }
    }

    private String promptsJson() {
        return prompts().stream().map(Prompt::json).collect(Collectors.joining(",", "[", "]"));
    }

    private String meterJson() {
        return JSON.writeValueAsString(meter.read());
    }

    private static Mono<Void> json(HttpServerResponse response, String json) {
        return response.header("content-type", "application/json")
                .sendString(Mono.just(json))
                .then();
    }
}
