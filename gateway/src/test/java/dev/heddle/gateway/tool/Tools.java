package dev.heddle.gateway.tool;

import dev.heddle.gateway.engine.ToolRunner;
import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.FunctionTool;

/** What the tests of {@link HttpTool} share: a tool called {@code weather}. */
final class Tools {
    private Tools() {}

    static HttpToolSettings settings(String url) {
        return HttpToolSettings.of(new FunctionTool("weather", null, null, null), ToolUrl.of(url));
    }

    static HttpToolSettings settings(ScriptedToolServer server) {
        return settings(server.url("weather").toString());
    }

    static ToolRunner.Call call(String arguments) {
        return new ToolRunner.Call(new CallId("call_1"), "weather", arguments);
    }
}
