package dev.heddle.gateway.http.openai;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What is left under {@code /v1} when every protocol there has had its turn. */
final class UnknownUrls {
    private UnknownUrls() {}

    static RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route(path("/v1").or(path("/v1/**")), UnknownUrls::refuse);
    }

    private static Mono<ServerResponse> refuse(ServerRequest request) {
        String url = request.method() + " "
                + request.requestPath().pathWithinApplication().value();
        return Answers.error(request, OpenAiError.notFound("Invalid URL (" + url + ")"));
    }
}
