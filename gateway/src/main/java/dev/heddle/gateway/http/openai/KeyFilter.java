package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.KeyCheck;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Lets requests with a good key through, with their tenant and defaults noted; refuses the others in OpenAI's words. */
public final class KeyFilter implements HandlerFilterFunction<ServerResponse, ServerResponse> {
    private final ApiKeys keys;

    public KeyFilter(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return switch (keys.check(request.headers().asHttpHeaders())) {
            case KeyCheck.Accepted accepted -> {
                ApiKeys.accept(request, accepted);
                yield next.handle(request);
            }
            case KeyCheck.Missing _ -> Answers.error(request, missing());
            case KeyCheck.Wrong wrong -> Answers.error(request, wrong(wrong.masked()));
        };
    }

    private static OpenAiError missing() {
        return OpenAiError.unauthorized("""
                You didn't provide an API key. You need to provide your API key in an Authorization header using \
                Bearer auth (i.e. Authorization: Bearer YOUR_KEY).""", "");
    }

    private static OpenAiError wrong(String masked) {
        return OpenAiError.unauthorized("Incorrect API key provided: " + masked + ".", "invalid_api_key");
    }
}
