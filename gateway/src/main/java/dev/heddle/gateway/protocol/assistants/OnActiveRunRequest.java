package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.OnActiveRun;
import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.reactive.function.server.ServerRequest;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of a message that comes while runs of its thread are active. An extension of ours: a member of the body,
 * {@code "wait"} or {@code {"type": "wait", "timeout": 30}}, or a header, {@code wait; timeout=30}; the member wins.
 *
 * @param timeout how long to wait at most
 */
record OnActiveRunRequest(OnActiveRun how, Duration timeout) {
    static final String FIELD = "on_active_run";
    static final String HEADER = "Heddle-On-Active-Run";

    private static final int DEFAULT_SECONDS = 30;
    private static final int MAX_SECONDS = 600;
    private static final Pattern TIMEOUT = Pattern.compile("timeout\\s*=\\s*(\\d{1,9})");
    private static final List<String> WORDS = Arrays.stream(OnActiveRun.values())
            .map(how -> how.name().toLowerCase(Locale.ROOT))
            .toList();

    /** With the timeout that is meant where none is given. */
    static OnActiveRunRequest of(OnActiveRun how) {
        return new OnActiveRunRequest(how, Duration.ofSeconds(DEFAULT_SECONDS));
    }

    static Optional<OnActiveRunRequest> read(JsonFields fields) {
        return fields.value(FIELD).map(node -> read(fields, node));
    }

    static Optional<OnActiveRunRequest> ofHeader(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HEADER)).map(OnActiveRunRequest::ofHeader);
    }

    private static OnActiveRunRequest read(JsonFields fields, JsonNode node) {
        if (node.isString()) {
            return of(how(fields.path(FIELD), fields.requiredText(FIELD)));
        }
        if (!node.isObject()) {
            throw Invalid.type(fields.path(FIELD), "a string or an object", node);
        }
        return ofObject(fields.requiredObject(FIELD).only(Set.of("type", "timeout")));
    }

    private static OnActiveRunRequest ofObject(JsonFields object) {
        var how = how(object.path("type"), object.requiredText("type"));
        var timeout = object.integer("timeout", 1, MAX_SECONDS);
        if (how != OnActiveRun.WAIT && timeout.isPresent()) {
            throw Invalid.because(object.path("timeout"), "only 'wait' has one.");
        }
        return new OnActiveRunRequest(how, Duration.ofSeconds(timeout.orElse(DEFAULT_SECONDS)));
    }

    private static OnActiveRunRequest ofHeader(String text) {
        var parts = Arrays.stream(text.split(";", -1)).map(String::strip).toList();
        var how = how(HEADER, parts.getFirst());
        return switch (parts.size()) {
            case 1 -> of(how);
            case 2 -> new OnActiveRunRequest(how, timeout(how, parts.getLast()));
            default -> throw malformed(text);
        };
    }

    private static Duration timeout(OnActiveRun how, String text) {
        var matcher = TIMEOUT.matcher(text);
        if (how != OnActiveRun.WAIT || !matcher.matches()) {
            throw malformed(text);
        }
        int seconds = Integer.parseInt(matcher.group(1));
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw Invalid.because(HEADER, "the timeout is 1 to " + MAX_SECONDS + " seconds.");
        }
        return Duration.ofSeconds(seconds);
    }

    private static OnActiveRun how(String param, String word) {
        if (!WORDS.contains(word)) {
            throw Invalid.value(param, word, WORDS);
        }
        return OnActiveRun.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static RuntimeException malformed(String text) {
        return Invalid.because(HEADER, "'" + text + "' is not of the form 'wait; timeout=30'.");
    }
}
