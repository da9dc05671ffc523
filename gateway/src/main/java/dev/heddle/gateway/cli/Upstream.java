package dev.heddle.gateway.cli;

import dev.heddle.gateway.demo.ModelServer;
import java.util.Map;
import picocli.CommandLine.Option;

/** The model server behind the gateway. */
final class Upstream {
    @Option(
            names = "--upstream",
            defaultValue = "${env:OPENAI_BASE_URL:-}",
            paramLabel = "URL",
            description = "Base URL of an OpenAI-compatible model server, as http://localhost:11434/v1."
                    + " (env OPENAI_BASE_URL)")
    private String baseUrl = "";

    // Only from the environment: arguments are seen by everybody on the machine.
    @Option(names = "--upstream-key", defaultValue = "${env:OPENAI_API_KEY:-}", hidden = true)
    private String apiKey = "";

    boolean isGiven() {
        return !baseUrl.isEmpty();
    }

    ModelServer server() {
        return new ModelServer(baseUrl, apiKey);
    }

    Map<String, Object> settings() {
        return isGiven() ? Map.of("heddle.upstream.base-url", baseUrl, "heddle.upstream.api-key", apiKey) : Map.of();
    }
}
