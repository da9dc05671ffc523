package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.ListQuery;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import tools.jackson.databind.node.StringNode;

/** The query of a request for one response; {@code startingAfter} is the number of the last frame that is known. */
record RetrieveQuery(boolean stream, long startingAfter) {
    private static final String AFTER = "starting_after";
    private static final long START = -1;

    static RetrieveQuery of(ServerRequest request) {
        Unserved.checkInclude(ResponsesHandler.includes(request), "include");
        bool(request, "include_obfuscation");
        boolean stream = bool(request, "stream").orElse(false);
        var after = ListQuery.given(request, AFTER).map(RetrieveQuery::number);
        if (!stream && after.isPresent()) {
            throw Invalid.because(AFTER, "it is of use with 'stream=true' only.");
        }
        return new RetrieveQuery(stream, after.orElse(START));
    }

    private static Optional<Boolean> bool(ServerRequest request, String name) {
        return ListQuery.given(request, name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Invalid.value(name, text, List.of("true", "false"));
        });
    }

    private static long number(String text) {
        if (!text.matches("-?\\d+")) {
            throw Invalid.type(AFTER, "an integer", StringNode.valueOf(text));
        }
        return new BigInteger(text)
                .max(BigInteger.valueOf(START))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
