package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.run.ToolChoice;

/** The choice of one function among the tools of a run. */
record ToolChoiceJson(String type, Function function) {
    record Function(String name) {}

    /** A word, or an object that names the function. */
    static Object of(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> "auto";
            case ToolChoice.None _ -> "none";
            case ToolChoice.Required _ -> "required";
            case ToolChoice.Allowed allowed -> allowed.required() ? "required" : "auto";
            case ToolChoice.Named named -> new ToolChoiceJson("function", new Function(named.function()));
        };
    }
}
