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

    /** How many tokens have been sent, and how many of them were reasoning. */
    record Sent(long tokens, long reasoning) {}

    ByteBuf role() {
        return choice("{\"role\":\"assistant\",\"content\":\"\"}", "null", new Sent(0, 0));
    }

    /** {@code sent} includes this one. */
    ByteBuf delta(String delta, Sent sent) {
        return choice(delta, "null", sent);
    }

    static String textDelta(String text) {
        return "{\"content\":" + JSON.writeValueAsString(text) + "}";
    }

    String reasoningDelta(String text) {
        var json = JSON.writeValueAsString(text);
        return switch (script.reasoningShape) {
            case REASONING_CONTENT -> "{\"reasoning_content\":" + json + "}";
            case REASONING -> "{\"reasoning\":" + json + "}";
            case BOTH -> "{\"reasoning\":" + json + ",\"reasoning_content\":" + json + "}";
        };
    }

    ByteBuf finish(Sent sent) {
        return choice("{}", JSON.writeValueAsString(finishReason()), sent);
    }

    private String finishReason() {
        if (!script.finishReason.isEmpty()) {
            return script.finishReason;
        }
        return script.calls().isEmpty() ? "stop" : "tool_calls";
    }

    ByteBuf toolCall(Sent sent) {
        var call = """
                {"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"add","arguments":"{}"}}]}""";
        return choice(call, "null", sent);
    }

    /** Of no bytes unless the script wants usage in a chunk of its own. */
    ByteBuf lastUsage(Sent sent) {
        return script.usage == Script.UsageShape.LAST
                ? event(head + "\"choices\":[]," + usage(sent) + "}")
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

    private ByteBuf choice(String delta, String finishReason, Sent sent) {
        var everyUsage = script.usage == Script.UsageShape.EVERY ? "," + usage(sent) : "";
        return event(head + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]"
                + everyUsage + "}");
    }

    private String usage(Sent sent) {
        return "\"usage\":{\"prompt_tokens\":" + promptTokens + ",\"completion_tokens\":" + sent.tokens()
                + ",\"total_tokens\":" + (promptTokens + sent.tokens()) + details(sent) + "}";
    }

    /** Only of those servers that have any to tell. */
    private String details(Sent sent) {
        return sent.reasoning() == 0 && script.cachedTokens == 0
                ? ""
                : ",\"prompt_tokens_details\":{\"cached_tokens\":" + script.cachedTokens
                        + "},\"completion_tokens_details\":{\"reasoning_tokens\":" + sent.reasoning() + "}";
    }

    private static ByteBuf event(String data) {
        return Unpooled.wrappedBuffer(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
}
