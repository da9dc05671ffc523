package dev.heddle.gateway.tool;

import static dev.heddle.gateway.tool.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.engine.ToolRunner;
import dev.heddle.gateway.testing.ScriptedToolServer;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.FunctionTool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
class ToolCatalogTests {
    private static final FunctionTool ADD = new FunctionTool("add", "Adds.", "{ \"type\" : \"object\" }", null);

    @Test
    void toolsAreFoundByNameWithWhatModelsAreToldOfThem() {
        var catalog = catalog(
                Tools.settings("https://example.com/w"),
                add("https://example.com/a").withIdempotent());

        assertThat(catalog.find("add"))
                .contains(new ToolRunner.ServerTool(
                        new FunctionTool("add", "Adds.", "{\"type\":\"object\"}", null), true));
        assertThat(catalog.find("weather"))
                .hasValueSatisfying(tool -> assertThat(tool.idempotent()).isFalse());
        assertThat(catalog.find("Add")).isEmpty();
        catalog.dispose();
    }

    @Test
    void eachCallGoesToTheUrlOfItsTool() {
        try (var server = ScriptedToolServer.start()) {
            var catalog = catalog(Tools.settings(server), add(server.url("sum").toString()));

            var outputs = catalog.output(new ToolRunner.Call(new CallId("c"), "add", "{\"a\":1}"))
                    .concatWith(catalog.output(call("")));

            StepVerifier.create(outputs)
                    .expectNext("Output of sum: {\"a\":1}", "Output of weather: {}")
                    .verifyComplete();
            catalog.dispose();
        }
    }

    @Test
    void anUnknownNameIsAnErrorOfTheCaller() {
        StepVerifier.create(catalog().output(call("{}"))).verifyError(IllegalArgumentException.class);
    }

    @Test
    void twoToolsOfOneNameAreRefused() {
        var twice = List.of(add("https://example.com/1"), add("https://example.com/2"));

        assertThatThrownBy(() -> ToolCatalog.of(twice, Schedulers.parallel()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Two tools are named add.");
    }

    private static HttpToolSettings add(String url) {
        return HttpToolSettings.of(ADD, ToolUrl.of(url));
    }

    private static ToolCatalog catalog(HttpToolSettings... tools) {
        return ToolCatalog.of(List.of(tools), Schedulers.parallel());
    }
}
