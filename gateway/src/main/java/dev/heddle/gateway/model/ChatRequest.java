package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the body of {@code POST /chat/completions}: streamed, with the usage at its end. */
final class ChatRequest {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator json;

    private ChatRequest(JsonGenerator json) {
        this.json = json;
    }

    static byte[] of(ModelCall call) {
        var body = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            new ChatRequest(json).write(call);
        }
        return body.toByteArray();
    }

    private void write(ModelCall call) {
        json.writeStartObject();
        json.writeStringProperty("model", call.model());
        json.writeBooleanProperty("stream", true);
        json.writeObjectPropertyStart("stream_options");
        json.writeBooleanProperty("include_usage", true);
        json.writeEndObject();
        writeOptions(call.options());
        ToolUseWriter.write(json, call.toolUse());
        writeMessages(call);
        json.writeEndObject();
    }

    private void writeOptions(ModelOptions options) {
        writeNumber("temperature", options.temperature());
        writeNumber("top_p", options.topP());
        writeNumber("presence_penalty", options.presencePenalty());
        writeNumber("frequency_penalty", options.frequencyPenalty());
        if (options.maxCompletionTokens() != null) {
            json.writeNumberProperty("max_completion_tokens", options.maxCompletionTokens());
        }
        writeText("reasoning_effort", options.reasoningEffort());
        writeText("verbosity", options.verbosity());
        if (options.responseFormat() != null) {
            json.writeName("response_format");
            json.writeRawValue(options.responseFormat());
        }
    }

    private void writeNumber(String name, @Nullable Double value) {
        if (value != null) {
            json.writeNumberProperty(name, value);
        }
    }

    private void writeText(String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    private void writeMessages(ModelCall call) {
        json.writeArrayPropertyStart("messages");
        List<Content> system = system(call);
        if (!system.isEmpty()) {
            writeMessage(new Item.Message(Role.SYSTEM, system));
        }
        call.context().stream().filter(message -> !isSystem(message)).forEach(this::writeMessage);
        json.writeEndArray();
    }

    /**
     * What is said in the name of the system, wherever it stands: models behind chat templates take one such message, and
     * only as the first.
     */
    private static List<Content> system(ModelCall call) {
        var said = call.context().stream()
                .filter(ChatRequest::isSystem)
                .flatMap(message -> ((ContextMessage.Said) message).message().content().stream());
        var instructions = Stream.of(new Content.Text(call.instructions()))
                .filter(text -> !text.text().isEmpty());
        List<Content> all = Stream.<Content>concat(instructions, said).toList();
        return all.stream().allMatch(Content.Text.class::isInstance) ? joined(all) : all;
    }

    private static List<Content> joined(List<Content> texts) {
        var text = texts.stream().map(part -> ((Content.Text) part).text()).collect(Collectors.joining("\n\n"));
        return text.isEmpty() ? List.of() : List.of(new Content.Text(text));
    }

    private static boolean isSystem(ContextMessage message) {
        return message instanceof ContextMessage.Said said
                && switch (said.message().role()) {
                    case SYSTEM, DEVELOPER -> true;
                    case USER, ASSISTANT -> false;
                };
    }

    private void writeMessage(ContextMessage message) {
        switch (message) {
            case ContextMessage.Said said -> writeMessage(said.message());
            case ContextMessage.Called called -> writeCalls(called);
            case ContextMessage.Answered answered -> writeOutput(answered.output());
        }
    }

    private void writeMessage(Item.Message message) {
        json.writeStartObject();
        json.writeStringProperty("role", nameOf(message.role()));
        json.writeName("content");
        writeContent(message.content());
        json.writeEndObject();
    }

    private void writeCalls(ContextMessage.Called called) {
        json.writeStartObject();
        json.writeStringProperty("role", "assistant");
        json.writeName("content");
        if (called.text().isEmpty()) {
            json.writeNull();
        } else {
            writeContent(called.text());
        }
        json.writeArrayPropertyStart("tool_calls");
        called.calls().forEach(this::writeCall);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeCall(Item.FunctionCall call) {
        json.writeStartObject();
        json.writeStringProperty("id", call.call().value());
        json.writeStringProperty("type", "function");
        json.writeObjectPropertyStart("function");
        json.writeStringProperty("name", call.name());
        json.writeStringProperty("arguments", LegalArguments.of(call.arguments()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeOutput(Item.FunctionCallOutput output) {
        json.writeStartObject();
        json.writeStringProperty("role", "tool");
        json.writeStringProperty("tool_call_id", output.call().value());
        json.writeStringProperty("content", output.output());
        json.writeEndObject();
    }

    private static String nameOf(Role role) {
        return switch (role) {
            case USER -> "user";
            case ASSISTANT -> "assistant";
            // Servers other than OpenAI's know no "developer", and its own reads both alike.
            case SYSTEM, DEVELOPER -> "system";
        };
    }

    /** One text as a plain string, which every server understands; only what needs them as parts. */
    private void writeContent(List<Content> content) {
        if (content.isEmpty()) {
            json.writeString("");
        } else if (content.size() == 1 && content.getFirst() instanceof Content.Text text) {
            json.writeString(text.text());
        } else {
            json.writeStartArray();
            content.forEach(this::writePart);
            json.writeEndArray();
        }
    }

    private void writePart(Content part) {
        json.writeStartObject();
        switch (part) {
            case Content.Text text -> writeText(text);
            case Content.ImageUrl image -> writeImage(image);
        }
        json.writeEndObject();
    }

    private void writeText(Content.Text text) {
        json.writeStringProperty("type", "text");
        json.writeStringProperty("text", text.text());
    }

    private void writeImage(Content.ImageUrl image) {
        json.writeStringProperty("type", "image_url");
        json.writeObjectPropertyStart("image_url");
        json.writeStringProperty("url", image.url());
        json.writeStringProperty("detail", nameOf(image.detail()));
        json.writeEndObject();
    }

    private static String nameOf(Content.Detail detail) {
        return switch (detail) {
            case AUTO -> "auto";
            case LOW -> "low";
            case HIGH -> "high";
        };
    }
}
