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
    private final String missingCode;

    public KeyFilter(ApiKeys keys) {
        this(keys, "");
    }

    private KeyFilter(ApiKeys keys, String missingCode) {
        this.keys = keys;
        this.missingCode = missingCode;
    }

    /** The same for a protocol that has this code for requests without a key. */
    public KeyFilter calling(String code) {
        return new KeyFilter(keys, code);
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

    private OpenAiError missing() {
        return OpenAiError.unauthorized("""
                You didn't provide an API key. You need to provide your API key in an Authorization header using \
                Bearer auth (i.e. Authorization: Bearer YOUR_KEY).""", missingCode);
    }

    private static OpenAiError wrong(String masked) {
        return OpenAiError.unauthorized("Incorrect API key provided: " + masked + ".", "invalid_api_key");
    }
}
