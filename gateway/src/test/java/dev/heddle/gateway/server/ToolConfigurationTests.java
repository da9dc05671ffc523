package dev.heddle.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.heddle.gateway.engine.ToolRunner;
import dev.heddle.streaming.run.FunctionTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

class ToolConfigurationTests {
    private static final FunctionTool WEATHER = new FunctionTool(
            "get_weather",
            "Tells the weather.",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}",
            null);

    @Test
    void withoutSettingsThereAreNoTools() {
        var tools = tools(settings(new MapPropertySource("none", Map.of())));

        assertThat(tools.find("get_weather")).isEmpty();
    }

    @Test
    void toolsAreRegisteredByEnvironmentVariables() {
        var settings = settings(new SystemEnvironmentPropertySource(
                "systemEnvironment",
                Map.of(
                        "HEDDLE_TOOLS_0_NAME", "get_weather",
                        "HEDDLE_TOOLS_0_DESCRIPTION", "Tells the weather.",
                        "HEDDLE_TOOLS_0_PARAMETERS",
                                "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}",
                        "HEDDLE_TOOLS_0_URL", "https://tools.example.com/weather",
                        "HEDDLE_TOOLS_0_SECRETHEADER", "Authorization: Bearer topsecret-1",
                        "HEDDLE_TOOLS_0_IDEMPOTENT", "true",
                        "HEDDLE_TOOLS_1_NAME", "now",
                        "HEDDLE_TOOLS_1_URL", "http://localhost:9000/now",
                        "HEDDLE_TOOLS_1_TIMEOUT", "5s",
                        "HEDDLE_TOOLS_1_MAXOUTPUT", "10KB")));
        var tools = tools(settings);

        assertThat(tools.find("get_weather")).contains(new ToolRunner.ServerTool(WEATHER, true));
        assertThat(tools.find("now"))
                .contains(new ToolRunner.ServerTool(new FunctionTool("now", null, null, null), false));
        assertThat(settings.tools().getLast().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.tools().getLast().maxOutput()).isEqualTo(DataSize.ofKilobytes(10));
    }

    @Test
    void toolsAreRegisteredByAFile() throws IOException {
        var file = """
                heddle:
                  tools:
                    - name: get_weather
                      description: Tells the weather.
                      url: https://tools.example.com/weather
                      secret-header: "Authorization: Bearer topsecret-1"
                      idempotent: true
                      parameters: >
                        {"type": "object",
                         "properties": {"city": {"type": "string"}}}
                """;
        var tools = tools(settings(new YamlPropertySourceLoader()
                .load("file", new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)))
                .getFirst()));

        assertThat(tools.find("get_weather")).contains(new ToolRunner.ServerTool(WEATHER, true));
    }

    static Stream<Arguments> wrong() {
        var notAUrl = "Its URL is not an absolute http or https URL with a host.";
        return Stream.of(
                arguments("name", "get weather", "Its name is not 1 to 64 letters, digits, _ and -."),
                arguments("name", "", "Its name is not 1 to 64 letters, digits, _ and -."),
                arguments("url", "", notAUrl),
                arguments("url", "tools.example.com", notAUrl),
                arguments("parameters", "{'type'}", "Its parameters are not a JSON object with a JSON Schema."),
                arguments(
                        "secret-header",
                        "Bearer topsecret-1",
                        "Its secret header is not a name, a colon and a value in ASCII."),
                arguments("timeout", "0s", "Its timeout is not between 1 ms and 1 h."),
                arguments("max-output", "9999GB", "Its largest output is not between 1 byte and 4 MB."));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongRegistrationRefusesToStartWithASentence(String setting, String value, String sentence) {
        var settings = settings(properties(Map.of("heddle.tools[1]." + setting, value)));

        assertThatThrownBy(() -> tools(settings))
                .isInstanceOf(StartRefused.class)
                .hasMessage("heddle.tools[1]: " + sentence);
    }

    @Test
    void twoToolsOfOneNameRefuseToStart() {
        var settings = settings(properties(Map.of("heddle.tools[1].name", "first")));

        assertThatThrownBy(() -> tools(settings))
                .isInstanceOf(StartRefused.class)
                .hasMessage("heddle.tools: Two tools are named first.");
    }

    @Test
    void settingsThatArePrintedKeepTheirSecrets() {
        var settings = settings(properties(Map.of(
                "heddle.tools[1].secret-header", "X-Key: topsecret-1",
                "heddle.tools[1].url", "https://tools.example.com/?key=topsecret-2")));

        assertThat(settings.toString()).contains("Tool[name=second").doesNotContain("topsecret");
    }

    /** Two tools, changed. */
    private static PropertySource<?> properties(Map<String, Object> changes) {
        var properties = new HashMap<String, Object>(Map.of(
                "heddle.tools[0].name", "first",
                "heddle.tools[0].url", "https://tools.example.com/1",
                "heddle.tools[1].name", "second",
                "heddle.tools[1].url", "https://tools.example.com/2"));
        properties.putAll(changes);
        return new MapPropertySource("properties", properties);
    }

    private static ServerSettings settings(PropertySource<?> source) {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(source);
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment).bindOrCreate("heddle", ServerSettings.class);
    }

    private static ToolRunner tools(ServerSettings settings) {
        return new ToolConfiguration().tools(settings);
    }
}
