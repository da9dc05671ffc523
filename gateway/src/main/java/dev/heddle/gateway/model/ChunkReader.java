package dev.heddle.gateway.model;

import dev.heddle.streaming.run.Usage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads the chunks ({@code chat.completion.chunk}) of one answer. One parser reads them all, as if they were one document
 * of many values: so a chunk costs the strings it carries and nothing else. For one thread at a time.
 */
final class ChunkReader {
    /** Is told what a chunk says, in the order of its members. */
    interface Answer {
        /** More text of the answer; may be empty. */
        void said(String text);

        void finished(String reason);

        void used(Usage usage);
    }

    /** Thread-local, since an answer is read on one event loop; the default pool is contended by all of them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private final JsonParser json = JSON.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    private final ByteArrayFeeder input = (ByteArrayFeeder) json.nonBlockingInputFeeder();
    private final ErrorReader errors;
    private final Answer answer;

    ChunkReader(ErrorReader errors, Answer answer) {
        this.errors = errors;
        this.answer = answer;
    }

    /** Reads one whole chunk; fails when it is malformed, asks for tools, or is an error. Reads nothing after that. */
    void read(byte[] bytes, int length) {
        try {
            input.feedInput(bytes, 0, length);
            readChunk();
        } catch (JacksonException malformed) {
            throw malformed();
        }
    }

    private void readChunk() {
        expect(json.nextToken() == JsonToken.START_OBJECT);
        while (nextName()) {
            switch (json.currentName()) {
                case "choices" -> readChoices();
                case "usage" -> readUsage();
                case "error" -> readError();
                default -> skipValue();
            }
        }
        expect(json.nextToken() == JsonToken.NOT_AVAILABLE);
    }

    private void readChoices() {
        if (nextValue() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken() == JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            readChoice();
        }
    }

    /** Only the first choice is the answer; its index may stand behind what it says. */
    private void readChoice() {
        expect(json.currentToken() == JsonToken.START_OBJECT);
        int index = 0;
        String text = "";
        String finishReason = "";
        while (nextName()) {
            switch (json.currentName()) {
                case "index" -> index = (int) readNumber();
                case "delta" -> text = readDelta();
                case "finish_reason" -> finishReason = readText();
                default -> skipValue();
            }
        }
        if (index == 0) {
            tell(text, finishReason);
        }
    }

    private void tell(String text, String finishReason) {
        answer.said(text);
        if (!finishReason.isEmpty()) {
            answer.finished(finishReason);
        }
    }

    /** A refusal is said to the user like any other text. */
    private String readDelta() {
        if (nextValue() == JsonToken.VALUE_NULL) {
            return "";
        }
        expect(json.currentToken() == JsonToken.START_OBJECT);
        String text = "";
        while (nextName()) {
            switch (json.currentName()) {
                case "content", "refusal" -> text = text.isEmpty() ? readText() : text + readText();
                case "tool_calls", "function_call" -> refuseTools();
                default -> skipValue();
            }
        }
        return text;
    }

    /** Some servers send an empty list or null where no tool is called. */
    private void refuseTools() {
        boolean empty = nextValue() == JsonToken.VALUE_NULL
                || (json.currentToken() == JsonToken.START_ARRAY && json.nextToken() == JsonToken.END_ARRAY);
        if (!empty) {
            throw Failures.toolsNotOffered();
        }
    }

    private void readUsage() {
        if (nextValue() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        long prompt = 0;
        long completion = 0;
        while (nextName()) {
            switch (json.currentName()) {
                case "prompt_tokens" -> prompt = readNumber();
                case "completion_tokens" -> completion = readNumber();
                default -> skipValue();
            }
        }
        answer.used(new Usage(prompt, completion));
    }

    private void readError() {
        if (nextValue() != JsonToken.VALUE_NULL) {
            throw Failures.reported(errors.read(json));
        }
    }

    /** Empty when the value is null. */
    private String readText() {
        var value = nextValue();
        expect(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL);
        return value == JsonToken.VALUE_STRING ? json.getString() : "";
    }

    /** 0 when the value is null. */
    private long readNumber() {
        var value = nextValue();
        expect(value.isNumeric() || value == JsonToken.VALUE_NULL);
        return value.isNumeric() ? json.getLongValue() : 0;
    }

    private boolean nextName() {
        var token = json.nextToken();
        expect(token == JsonToken.PROPERTY_NAME || token == JsonToken.END_OBJECT);
        return token == JsonToken.PROPERTY_NAME;
    }

    private JsonToken nextValue() {
        return json.nextToken();
    }

    private void skipValue() {
        json.nextToken();
        json.skipChildren();
    }

    private static void expect(boolean wellFormed) {
        if (!wellFormed) {
            throw malformed();
        }
    }

    private static RuntimeException malformed() {
        return Failures.serverError("The model's server sent a chunk that can not be understood.");
    }
}
