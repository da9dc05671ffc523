package dev.heddle.gateway.model;

import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;
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
        /** More of what the model says of its way to the answer; never empty. */
        void reasoned(String text);

        /** More text of the answer; may be empty. */
        void said(String text);

        /** A fragment of a function call. */
        void called(CallPiece piece);

        /** A function call as it was made before there were tools: {@code function_call}. */
        void calledTheOldWay();

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
    private final boolean tellsReasoning;

    /** What the delta that was read last says of reasoning, under the name that most servers have for it. */
    private String reasoning = "";

    /** The same under the other name; servers that send both send the same. */
    private String otherReasoning = "";

    /** What the delta that was read last says of calls. */
    private final List<CallPiece> pieces = new ArrayList<>();

    private boolean oldCall;

    /** What the fragment that was read last says of its function. */
    private String function = "";

    private String arguments = "";

    ChunkReader(ErrorReader errors, Answer answer, boolean tellsReasoning) {
        this.errors = errors;
        this.answer = answer;
        this.tellsReasoning = tellsReasoning;
    }

    /** Reads one whole chunk; fails when it is malformed or an error, or as the answer fails. Reads nothing after that. */
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
        pieces.clear();
        oldCall = false;
        reasoning = "";
        otherReasoning = "";
        while (nextName()) {
            switch (json.currentName()) {
                case "index" -> index = (int) readNumber(0);
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
        String thought = reasoning.isEmpty() ? otherReasoning : reasoning;
        if (!thought.isEmpty()) {
            answer.reasoned(thought);
        }
        answer.said(text);
        pieces.forEach(answer::called);
        if (oldCall) {
            answer.calledTheOldWay();
        }
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
                case "reasoning_content" -> reasoning = readReasoning();
                case "reasoning" -> otherReasoning = readReasoning();
                case "tool_calls" -> readCalls();
                case "function_call" -> oldCall |= isObject();
                default -> skipValue();
            }
        }
        return text;
    }

    /** Empty when it is not wanted, or no text: some servers have objects of these names. */
    private String readReasoning() {
        boolean wanted = nextValue() == JsonToken.VALUE_STRING && tellsReasoning;
        json.skipChildren();
        return wanted ? json.getString() : "";
    }

    /** Some servers send an empty list or null where no function is called. */
    private void readCalls() {
        if (nextValue() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken() == JsonToken.START_ARRAY);
        for (int place = 0; json.nextToken() != JsonToken.END_ARRAY; place++) {
            readCall(place);
        }
    }

    private void readCall(int place) {
        expect(json.currentToken() == JsonToken.START_OBJECT);
        long index = place;
        String id = "";
        function = "";
        arguments = "";
        while (nextName()) {
            switch (json.currentName()) {
                case "index" -> index = readNumber(place);
                case "id" -> id = readText();
                case "function" -> readFunction();
                default -> skipValue();
            }
        }
        pieces.add(new CallPiece(index, id, function, arguments));
    }

    private void readFunction() {
        if (nextValue() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken() == JsonToken.START_OBJECT);
        while (nextName()) {
            switch (json.currentName()) {
                case "name" -> function = readText();
                case "arguments" -> arguments = readText();
                default -> skipValue();
            }
        }
    }

    /** Some servers send null or an empty list where no function is called. */
    private boolean isObject() {
        boolean object = nextValue() == JsonToken.START_OBJECT;
        json.skipChildren();
        return object;
    }

    private void readUsage() {
        if (nextValue() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        long prompt = 0;
        long completion = 0;
        long cached = 0;
        long reasoned = 0;
        while (nextName()) {
            switch (json.currentName()) {
                case "prompt_tokens" -> prompt = readNumber(0);
                case "completion_tokens" -> completion = readNumber(0);
                case "prompt_tokens_details" -> cached = readDetail("cached_tokens");
                case "completion_tokens_details" -> reasoned = readDetail("reasoning_tokens");
                default -> skipValue();
            }
        }
        answer.used(new Usage(prompt, completion, cached, reasoned));
    }

    /** Many servers send null instead of the details, or of one of them. */
    private long readDetail(String name) {
        if (nextValue() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return 0;
        }
        long detail = 0;
        while (nextName()) {
            if (json.currentName().equals(name)) {
                detail = readNumber(0);
            } else {
                skipValue();
            }
        }
        return detail;
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

    /** {@code otherwise} when the value is null. */
    private long readNumber(long otherwise) {
        var value = nextValue();
        expect(value.isNumeric() || value == JsonToken.VALUE_NULL);
        return value.isNumeric() ? json.getLongValue() : otherwise;
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
