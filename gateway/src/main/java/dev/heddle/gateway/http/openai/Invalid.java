package dev.heddle.gateway.http.openai;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What is wrong with a request, in OpenAI's codes and words. {@code param} is the path of the member that is wrong. */
public final class Invalid {
    private Invalid() {}

    public static ProblemException notJson() {
        return problem("", "", """
                We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP \
                library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)""");
    }

    public static ProblemException missing(String param) {
        return problem("missing_required_parameter", param, "Missing required parameter: '" + param + "'.");
    }

    public static ProblemException unknown(String param) {
        return problem("unknown_parameter", param, "Unknown parameter: '" + param + "'.");
    }

    /** A member of OpenAI's that is not served, for a reason; {@code why} is a sentence. */
    public static ProblemException unsupported(String param, String why) {
        return problem("unsupported_parameter", param, "'" + param + "' is not supported: " + why);
    }

    /** A kind of tool that is not served; {@code why} is a sentence. */
    public static ProblemException unsupportedTool(String param, String tool, String why) {
        return problem("unsupported_tool", param, "The tool '" + tool + "' is not supported: " + why);
    }

    public static ProblemException type(String param, String expected, JsonNode got) {
        return problem(
                "invalid_type",
                param,
                "Invalid type for '" + param + "': expected " + expected + ", but got " + nameOf(got) + " instead.");
    }

    public static ProblemException value(String param, String given, List<String> allowed) {
        return problem(
                "invalid_value",
                param,
                "Invalid value: '" + given + "'. Supported values are: " + enumeration(allowed) + ".");
    }

    public static ProblemException id(String param, String given, String prefix) {
        return problem(
                "invalid_value",
                param,
                "Invalid '" + param + "': '" + given + "'. Expected an ID that begins with '" + prefix + "'.");
    }

    /** Anything else about a value; {@code why} is a sentence. */
    public static ProblemException because(String param, String why) {
        return problem("invalid_value", param, "Invalid '" + param + "': " + why);
    }

    static ProblemException tooLong(String param, int max, int length) {
        return problem(
                "string_above_max_length",
                param,
                ("Invalid '%s': string too long. Expected a string with maximum"
                                + " length %d, but got a string with length %d instead.")
                        .formatted(param, max, length));
    }

    static ProblemException tooManyItems(String param, int max, int size) {
        return problem(
                "array_above_max_length",
                param,
                ("Invalid '%s': array too long. Expected an array with maximum"
                                + " length %d, but got an array with length %d instead.")
                        .formatted(param, max, size));
    }

    static ProblemException noItems(String param) {
        return problem(
                "empty_array",
                param,
                ("Invalid '%s': empty array. Expected an array with minimum length 1, but"
                                + " got an empty array instead.")
                        .formatted(param));
    }

    static ProblemException tooManyProperties(String param, int max, int size) {
        return problem(
                "object_above_max_properties",
                param,
                ("Invalid '%s': too many properties. Expected an object"
                                + " with at most %d properties, but got an object with %d properties instead.")
                        .formatted(param, max, size));
    }

    static ProblemException keyTooLong(String param, int max, int length) {
        return problem(
                "property_name_above_max_length",
                param,
                ("Invalid '%s': property name too long. Expected"
                                + " property names with maximum length %d, but got one with length %d instead.")
                        .formatted(param, max, length));
    }

    /** {@code kind} is {@code integer} or {@code decimal}. */
    static ProblemException tooLarge(String kind, String param, String max, String given) {
        return problem(
                kind + "_above_max_value",
                param,
                ("Invalid '%s': %s above maximum value. Expected a value <= %s," + " but got %s instead.")
                        .formatted(param, kind, max, given));
    }

    /** {@code kind} is {@code integer} or {@code decimal}. */
    static ProblemException tooSmall(String kind, String param, String min, String given) {
        return problem(
                kind + "_below_min_value",
                param,
                ("Invalid '%s': %s below minimum value. Expected a value >= %s," + " but got %s instead.")
                        .formatted(param, kind, min, given));
    }

    private static ProblemException problem(String code, String param, String message) {
        return new ProblemException(new Problem.InvalidRequest(code, param, message));
    }

    private static String enumeration(List<String> values) {
        var quoted = values.stream().map(value -> "'" + value + "'").toList();
        int last = quoted.size() - 1;
        return switch (quoted.size()) {
            case 1 -> quoted.getFirst();
            case 2 -> quoted.getFirst() + " and " + quoted.getLast();
            default -> quoted.stream().limit(last).collect(Collectors.joining(", ")) + ", and " + quoted.getLast();
        };
    }

    private static String nameOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING, BINARY, POJO -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NULL -> "null";
            case MISSING -> "nothing";
        };
    }
}
