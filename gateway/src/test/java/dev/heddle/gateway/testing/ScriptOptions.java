package dev.heddle.gateway.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Scripts as they are written in JSON ({@code POST /script}) and inside messages
 * ({@code [[chunks=20 delay=10ms fail=reset@5]]}). The same names in both; only JSON has {@code texts}, and values with
 * blanks. Durations are {@code 10ms} or {@code 2s}.
 */
final class ScriptOptions {
    private static final Pattern DIRECTIVES = Pattern.compile("\\[\\[(.*?)]]");
    private static final Pattern OPTION = Pattern.compile("\\S+");

    private ScriptOptions() {}

    /** The script with the options of {@code json} that are not {@code null}; fails at names it does not know. */
    static Script fromJson(JsonNode json) {
        var script = Script.ECHO;
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            script = member.getKey().equals("texts")
                    ? script.texts(strings(member.getValue()))
                    : with(script, member.getKey(), member.getValue().asString());
        }
        return script;
    }

    /** The script with what the directives in {@code message} change. */
    static Script fromMessage(Script script, String message) {
        var changed = script;
        for (String option : optionsIn(message)) {
            var parts = option.split("=", 2);
            changed = with(changed, parts[0], parts.length == 2 ? parts[1] : "");
        }
        return changed;
    }

    private static List<String> optionsIn(String message) {
        return DIRECTIVES
                .matcher(message)
                .results()
                .flatMap(directive -> OPTION.matcher(directive.group(1)).results())
                .map(MatchResult::group)
                .toList();
    }

    static String withoutDirectives(String message) {
        return DIRECTIVES.matcher(message).replaceAll("").strip();
    }

    private static Script with(Script script, String name, String value) {
        return switch (name) {
            case "chunks" -> script.chunks(Integer.parseInt(value));
            case "first_delay" -> script.firstDelay(duration(value));
            case "delay" -> script.delay(duration(value));
            case "chunks_per_write" -> script.chunksPerWrite(Integer.parseInt(value));
            case "bytes_per_write" -> script.bytesPerWrite(Integer.parseInt(value));
            case "fail" -> script.failing(Failure.parse(value));
            case "failures" -> script.failures(Integer.parseInt(value));
            case "error_body" -> script.errorBody(value);
            case "retry_after" -> script.retryAfter(value);
            case "finish_reason" -> script.finishReason(value);
            case "usage" -> script.usage(Script.UsageShape.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("no option is called " + name);
        };
    }

    private static Duration duration(String value) {
        return value.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
                : Duration.parse("PT" + value);
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(element -> strings.add(element.asString()));
        return strings;
    }
}
