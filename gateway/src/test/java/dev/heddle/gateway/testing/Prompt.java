package dev.heddle.gateway.testing;

import java.util.HashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request that came to the server: its body, and the value of its {@code Authorization} header (may be empty). */
public record Prompt(String json, String authorization) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One message.
     *
     * @param text of several parts the texts, put together; empty when there is none
     * @param calls the functions an answer asked for
     * @param callId whose output this is; empty in messages that are none
     */
    public record Message(String role, String text, List<Call> calls, String callId) {}

    /** A function a model asked for, and its arguments as they were sent. */
    public record Call(String id, String function, String arguments) {}

    /** What a function gave, as the model is told. */
    public record Output(String id, String function, String text) {}

    public JsonNode body() {
        return JSON.readTree(json);
    }

    public String model() {
        return body().path("model").asString("");
    }

    public List<Message> messages() {
        return body().path("messages").valueStream().map(Prompt::message).toList();
    }

    /** What the user said last; empty when nothing. */
    public String question() {
        return messages().reversed().stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(Message::text)
                .orElse("");
    }

    /**
     * What a model is told, without the directives: {@code system: Be kind. | user: Well? | assistant: weather({}) |
     * tool: sun} and so on.
     */
    public String listing() {
        return messages().stream().map(Prompt::listed).collect(Collectors.joining(" | "));
    }

    private static String listed(Message message) {
        var calls = message.calls().stream().map(call -> call.function() + "(" + call.arguments() + ")");
        return Stream.concat(Stream.of(message.role() + ":", Directives.removedFrom(message.text())), calls)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    /** How many answers since the question have asked for functions. */
    public int round() {
        return (int) sinceQuestion().stream()
                .filter(message -> !message.calls().isEmpty())
                .count();
    }

    /** What the functions called since the question gave, in the order of the messages. */
    public List<Output> outputs() {
        var functions = new HashMap<String, String>();
        sinceQuestion().forEach(message -> message.calls().forEach(call -> functions.put(call.id(), call.function())));
        return sinceQuestion().stream()
                .filter(message -> message.role().equals("tool"))
                .map(message ->
                        new Output(message.callId(), functions.getOrDefault(message.callId(), "?"), message.text()))
                .toList();
    }

    private List<Message> sinceQuestion() {
        var messages = messages();
        int question = messages.size() - 1;
        while (question >= 0 && !messages.get(question).role().equals("user")) {
            question--;
        }
        return messages.subList(question + 1, messages.size());
    }

    /** The names of the functions that are offered. */
    public List<String> tools() {
        return body().path("tools")
                .valueStream()
                .map(tool -> tool.path("function").path("name").asString(""))
                .toList();
    }

    /** What is offered under that name: {@code name}, {@code description}, {@code parameters}, {@code strict}. */
    public JsonNode tool(String name) {
        return body().path("tools")
                .valueStream()
                .map(tool -> tool.path("function"))
                .filter(function -> function.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** {@code none}, {@code required}, the name of a function with parentheses ({@code weather()}), else {@code auto}. */
    public String toolChoice() {
        var choice = body().path("tool_choice");
        return choice.isObject() ? choice.path("function").path("name").asString("") + "()" : choice.asString("auto");
    }

    /** Whether several functions may be asked for at once; {@code true} when nothing is said. */
    public boolean parallelToolCalls() {
        return body().path("parallel_tool_calls").asBoolean(true);
    }

    /** Empty when nothing is said. */
    public OptionalInt maxCompletionTokens() {
        var tokens = body().path("max_completion_tokens");
        return tokens.isInt() ? OptionalInt.of(tokens.intValue()) : OptionalInt.empty();
    }

    private static Message message(JsonNode message) {
        return new Message(
                message.path("role").asString(""),
                text(message.path("content")),
                message.path("tool_calls").valueStream().map(Prompt::call).toList(),
                message.path("tool_call_id").asString(""));
    }

    private static Call call(JsonNode call) {
        var function = call.path("function");
        return new Call(
                call.path("id").asString(""),
                function.path("name").asString(""),
                function.path("arguments").asString(""));
    }

    private static String text(JsonNode content) {
        return content.isArray()
                ? content.valueStream()
                        .map(part -> part.path("text").asString(""))
                        .collect(Collectors.joining())
                : content.asString("");
    }
}
