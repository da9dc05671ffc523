package dev.heddle.gateway.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scripts as they are written in JSON ({@code POST /script}) and inside messages, as {@link ScriptedModelServer} tells.
 * The same names in both; only JSON has {@code texts}, {@code calls} and {@code then}, which are lists.
 */
final class ScriptOptions {
    private static final JsonMapper JSON = new JsonMapper();

    private ScriptOptions() {}

    /** The script with the options of {@code json} that are not {@code null}; fails at names it does not know. */
    static Script fromJson(JsonNode json) {
        var script = Script.ECHO;
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            script = with(script, member.getKey(), member.getValue());
        }
        return script;
    }

    private static Script with(Script script, String name, JsonNode value) {
        return switch (name) {
            case "texts" -> script.texts(strings(value));
            case "calls" ->
                script.calls(strings(value).stream().map(ScriptedCall::parse).toList());
            case "then" -> value.valueStream().map(ScriptOptions::fromJson).reduce(script, Script::then);
            default -> with(script, name, value.asString());
        };
    }

    /** What {@code script} says in that round, with what the directives in {@code message} change of it. */
    static Script fromMessage(Script script, String message, int round) {
        var changed = script.round(round);
        var rounds = Directives.rounds(message);
        var options = round < rounds.size() ? rounds.get(round) : List.<String>of();
        if (options.stream().anyMatch(option -> option.startsWith("text="))) {
            changed = changed.texts(List.of());
        }
        for (String option : options) {
            var parts = option.split("=", 2);
            changed = with(changed, parts[0], parts.length == 2 ? parts[1] : "");
        }
        return changed;
    }

    private static Script with(Script script, String name, String value) {
        return switch (name) {
            case "text" -> script.say(words(value));
            case "reasoning" -> script.reason(words(value));
            case "reasoning_shape" ->
                script.reasoningShape(Script.ReasoningShape.valueOf(value.toUpperCase(Locale.ROOT)));
            case "saw" -> script.saw();
            case "call" -> script.call(ScriptedCall.parse(value));
            case "call_shape" -> script.callShape(Script.CallShape.valueOf(value.toUpperCase(Locale.ROOT)));
            case "chars_per_fragment" -> script.charsPerFragment(Integer.parseInt(value));
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
            case "cached_tokens" -> script.cachedTokens(Integer.parseInt(value));
            case "usage" -> script.usage(Script.UsageShape.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("no option is called " + name);
        };
    }

    private static String[] words(String value) {
        return ScriptedChunks.words(unquoted(value)).toArray(String[]::new);
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") ? JSON.readValue(value, String.class) : value;
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
