package dev.heddle.gateway.testing;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds a request to the rules of the strictest models, OpenAI's and those behind chat templates:
 *
 * <ul>
 *   <li>There is a message at all, and only the first one may be of the system.
 *   <li>What a user says is not empty; an answer has content or calls.
 *   <li>Calls have ids that differ, names of functions, and arguments that are JSON.
 *   <li>Directly after calls there is one output for each of them, in any order, and outputs are nowhere else.
 *   <li>Options are of their kinds and within their bounds.
 *   <li>Tools are functions with names that differ, and schemas that are objects; what is said of tools needs tools.
 * </ul>
 */
final class StrictRequest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** Calls whose outputs have not come yet. */
    private final Set<String> open = new HashSet<>();

    private StrictRequest() {}

    /** What is wrong with the body of a request, in a sentence; empty when nothing is. */
    static Optional<String> violationIn(JsonNode body) {
        try {
            new StrictRequest().check(body);
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation.getMessage());
        }
    }

    private void check(JsonNode body) {
        var messages = body.path("messages");
        require(messages.isArray() && !messages.isEmpty(), "messages is no list of messages");
        for (int i = 0; i < messages.size(); i++) {
            checkMessage(i, messages.get(i));
        }
        require(open.isEmpty(), "no output follows for the calls " + open);
        checkTools(body);
        checkOptions(body);
    }

    private static void checkOptions(JsonNode body) {
        for (String name : List.of("presence_penalty", "frequency_penalty")) {
            var penalty = body.path(name);
            boolean right = penalty.isNumber() && Math.abs(penalty.asDouble()) <= 2;
            require(absentOr(right, body, name), name + " is no number from -2 to 2");
        }
        var verbosity = body.path("verbosity");
        boolean right = Set.of("low", "medium", "high").contains(verbosity.asString(""));
        require(absentOr(right, body, "verbosity"), "verbosity is not low, medium or high");
    }

    private void checkMessage(int i, JsonNode message) {
        var role = message.path("role").asString("");
        var place = "messages[" + i + "]";
        require(role.equals("tool") || open.isEmpty(), place + " stands before the outputs of the calls " + open);
        require(role.equals("assistant") || !message.has("tool_calls"), place + " has calls, but is of " + role);
        switch (role) {
            case "system", "developer" -> require(i == 0 && hasContent(message), place + " is a late or empty system");
            case "user" -> require(hasContent(message), place + " is a user who says nothing");
            case "assistant" -> checkAnswer(place, message);
            case "tool" -> checkOutput(place, message);
            default -> throw new Violation(place + " has the role \"" + role + "\"");
        }
    }

    private void checkAnswer(String place, JsonNode message) {
        if (!message.has("tool_calls")) {
            require(hasContent(message), place + " is an answer without content and calls");
            return;
        }
        var calls = message.get("tool_calls");
        require(calls.isArray() && !calls.isEmpty(), place + " has no list of calls");
        require(message.has("content"), place + " has calls, but no content, not even null");
        calls.forEach(call -> checkCall(place, call));
    }

    private void checkCall(String place, JsonNode call) {
        var id = call.path("id").asString("");
        require(!id.isEmpty(), place + " has a call without id");
        require(open.add(id), place + " has two calls with the id " + id);
        require(call.path("type").asString("").equals("function"), place + " has a call that is of no function");
        var function = call.path("function");
        checkName(place, function.path("name"));
        require(isJson(function.path("arguments")), place + " has a call whose arguments are no JSON");
    }

    private void checkOutput(String place, JsonNode message) {
        var id = message.path("tool_call_id").asString("");
        require(open.remove(id), place + " is an output of no call that stands right before it: " + id);
        require(message.path("content").isString(), place + " is an output whose content is no text");
    }

    private static boolean hasContent(JsonNode message) {
        var content = message.path("content");
        return content.isArray()
                ? content.valueStream().anyMatch(StrictRequest::isPart)
                : content.isString() && !content.stringValue().isEmpty();
    }

    private static boolean isPart(JsonNode part) {
        return !part.path("type").asString("").equals("text")
                || !part.path("text").asString("").isEmpty();
    }

    private static boolean isJson(JsonNode text) {
        try {
            return text.isString() && !JSON.readTree(text.stringValue()).isMissingNode();
        } catch (JacksonException noJson) {
            return false;
        }
    }

    private static void checkTools(JsonNode body) {
        var tools = body.path("tools");
        if (tools.isMissingNode()) {
            for (String name : List.of("tool_choice", "parallel_tool_calls")) {
                require(!body.has(name), name + " is given without tools");
            }
            return;
        }
        require(tools.isArray() && !tools.isEmpty(), "tools is no list of tools");
        var names = new HashSet<String>();
        tools.forEach(tool -> checkTool(tool, names));
        checkChoice(body, names);
    }

    private static void checkTool(JsonNode tool, Set<String> names) {
        require(tool.path("type").asString("").equals("function"), "tools has one that is no function");
        var function = tool.path("function");
        checkName("tools", function.path("name"));
        require(names.add(function.path("name").stringValue()), "tools has two of one name: " + function.path("name"));
        require(absentOr(function.path("description").isString(), function, "description"), "a description is no text");
        require(absentOr(function.path("parameters").isObject(), function, "parameters"), "parameters are no object");
        require(absentOr(function.path("strict").isBoolean(), function, "strict"), "strict is no boolean");
    }

    private static boolean absentOr(boolean right, JsonNode function, String name) {
        return right || !function.has(name);
    }

    private static void checkChoice(JsonNode body, Set<String> names) {
        var choice = body.path("tool_choice");
        boolean named = choice.path("type").asString("").equals("function")
                && names.contains(choice.path("function").path("name").asString(""));
        boolean word = Set.of("none", "auto", "required").contains(choice.asString(""));
        require(choice.isMissingNode() || named || word, "tool_choice is not understood: " + choice);
        var parallel = body.path("parallel_tool_calls");
        require(parallel.isMissingNode() || parallel.isBoolean(), "parallel_tool_calls is no boolean");
    }

    private static void checkName(String place, JsonNode name) {
        require(name.isString() && NAME.matcher(name.stringValue()).matches(), place + " names a function " + name);
    }

    private static void require(boolean kept, String violation) {
        if (!kept) {
            throw new Violation(violation);
        }
    }

    private static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
