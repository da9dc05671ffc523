package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.RequestIds;
import dev.heddle.gateway.http.RequestKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Answers in OpenAI's form: always JSON, success always 200. */
public final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String STORED = Answers.class.getName() + ".stored";

    private Answers() {}

    public static Mono<ServerResponse> ok(Object json) {
        return json(ServerResponse.ok(), Json.bytes(json));
    }

    /** As {@link #ok}, with a header. */
    public static Mono<ServerResponse> ok(Object json, String header, String value) {
        return json(ServerResponse.ok().header(header, value), Json.bytes(json));
    }

    /**
     * From here on the request may have stored something: clients are told not to repeat it when it fails, because a
     * repetition would make a second one; unless it has a key.
     */
    public static void mayStore(ServerRequest request) {
        request.attributes().put(STORED, true);
    }

    public static Mono<ServerResponse> error(ServerRequest request, OpenAiError error) {
        var answer = ServerResponse.status(error.status());
        if (error.status() == 429) {
            answer.header("Retry-After", "1");
        }
        if (error.status() == 426) {
            answer.header(HttpHeaders.UPGRADE, "websocket");
        }
        if (error.status() >= 500 && mustNotBeRepeated(request)) {
            answer.header("x-should-retry", "false");
        }
        return json(answer, error.body());
    }

    private static boolean mustNotBeRepeated(ServerRequest request) {
        return request.attribute(STORED).isPresent() && RequestKeys.of(request).isEmpty();
    }

    /** Answers what nobody foresaw, and logs it. */
    public static Mono<ServerResponse> unexpected(ServerRequest request, Throwable error) {
        String id = RequestIds.idOf(request.exchange());
        LOG.error("{} {} failed, request {}", request.method(), request.path(), id, error);
        return error(request, OpenAiError.unexpected(id));
    }

    private static Mono<ServerResponse> json(ServerResponse.BodyBuilder answer, byte[] body) {
        return answer.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }
}
