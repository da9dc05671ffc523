package dev.heddle.gateway.model;

import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import tools.jackson.core.JsonGenerator;

/** Writes what a request says of tools: nothing at all when there are none, which strict servers insist on. */
final class ToolUseWriter {
    private final JsonGenerator json;

    private ToolUseWriter(JsonGenerator json) {
        this.json = json;
    }

    /** Writes members of the object in which {@code json} stands. */
    static void write(JsonGenerator json, ToolUse toolUse) {
        if (!toolUse.tools().isEmpty()) {
            new ToolUseWriter(json).write(toolUse);
        }
    }

    private void write(ToolUse toolUse) {
        json.writeArrayPropertyStart("tools");
        toolUse.tools().forEach(this::writeTool);
        json.writeEndArray();
        writeChoice(toolUse.choice());
        // Not said when it is so: servers that know no parallel calls refuse the very word.
        if (!toolUse.parallel()) {
            json.writeBooleanProperty("parallel_tool_calls", false);
        }
    }

    private void writeTool(FunctionTool tool) {
        json.writeStartObject();
        json.writeStringProperty("type", "function");
        json.writeObjectPropertyStart("function");
        json.writeStringProperty("name", tool.name());
        if (tool.description() != null) {
            json.writeStringProperty("description", tool.description());
        }
        if (tool.parameters() != null) {
            json.writeName("parameters");
            json.writeRawValue(tool.parameters());
        }
        if (tool.strict() != null) {
            json.writeBooleanProperty("strict", tool.strict());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeChoice(ToolChoice choice) {
        switch (choice) {
            case ToolChoice.Auto _ -> {}
            case ToolChoice.None _ -> json.writeStringProperty("tool_choice", "none");
            case ToolChoice.Required _ -> json.writeStringProperty("tool_choice", "required");
            case ToolChoice.Allowed allowed ->
                json.writeStringProperty("tool_choice", allowed.required() ? "required" : "auto");
            case ToolChoice.Named named -> writeNamed(named.function());
        }
    }

    private void writeNamed(String function) {
        json.writeObjectPropertyStart("tool_choice");
        json.writeStringProperty("type", "function");
        json.writeObjectPropertyStart("function");
        json.writeStringProperty("name", function);
        json.writeEndObject();
        json.writeEndObject();
    }
}
