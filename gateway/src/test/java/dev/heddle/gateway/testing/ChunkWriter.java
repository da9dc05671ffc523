package dev.heddle.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** Writes the events of one streamed chat completion. */
final class ChunkWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private final String head;
    private final Script script;
    private final long promptTokens;

    /** {@code promptTokens} is what the usage says of the prompt. */
    ChunkWriter(Script script, String model, long promptTokens) {
        this.head =
                "{\"id\":\"chatcmpl-scripted\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":"
                        + JSON.writeValueAsString(model) + ",";
        this.script = script;
        this.promptTokens = promptTokens;
    }

    ByteBuf role() {
        return choice("{\"role\":\"assistant\",\"content\":\"\"}", "null", 0);
    }

    /** {@code tokens} have been sent, this one included. */
    ByteBuf text(String text, long tokens) {
        return choice("{\"content\":" + JSON.writeValueAsString(text) + "}", "null", tokens);
    }

    /** {@code delta} is what one of {@link CallDeltas} says. */
    ByteBuf call(String delta, long tokens) {
        return choice(delta, "null", tokens);
    }

    ByteBuf finish(long tokens) {
        return choice("{}", JSON.writeValueAsString(finishReason()), tokens);
    }

    private String finishReason() {
        if (!script.finishReason.isEmpty()) {
            return script.finishReason;
        }
        return script.calls.isEmpty() ? "stop" : "tool_calls";
    }

    ByteBuf toolCall(long tokens) {
        var call = """
                {"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"add","arguments":"{}"}}]}""";
        return choice(call, "null", tokens);
    }

    /** Of no bytes unless the script wants usage in a chunk of its own. */
    ByteBuf lastUsage(long tokens) {
        return script.usage == Script.UsageShape.LAST
                ? event(head + "\"choices\":[]," + usage(tokens) + "}")
                : Unpooled.EMPTY_BUFFER;
    }

    ByteBuf error() {
        return event(script.errorBody);
    }

    ByteBuf malformed() {
        return event(head + "\"choices\":[{\"index\":0,\"del");
    }

    ByteBuf hugeLine() {
        return event(head + "\"padding\":\"" + "x".repeat(2 << 20) + "\"}");
    }

    static ByteBuf blankLine() {
        return Unpooled.wrappedBuffer("\n\n".getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuf done() {
        return event("[DONE]");
    }

    private ByteBuf choice(String delta, String finishReason, long tokens) {
        var everyUsage = script.usage == Script.UsageShape.EVERY ? "," + usage(tokens) : "";
        return event(head + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]"
                + everyUsage + "}");
    }

    private String usage(long tokens) {
        return "\"usage\":{\"prompt_tokens\":" + promptTokens + ",\"completion_tokens\":" + tokens
                + ",\"total_tokens\":" + (promptTokens + tokens) + "}";
    }

    private static ByteBuf event(String data) {
        return Unpooled.wrappedBuffer(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
}
