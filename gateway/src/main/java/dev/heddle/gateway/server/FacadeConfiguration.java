package dev.heddle.gateway.server;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.HttpConfiguration;
import dev.heddle.gateway.http.HttpSettings;
import dev.heddle.gateway.http.openai.OpenAiConfiguration;
import dev.heddle.gateway.ops.OpsConfiguration;
import dev.heddle.gateway.protocol.assistants.AssistantsConfiguration;
import dev.heddle.gateway.protocol.assistants.AssistantsSettings;
import dev.heddle.gateway.protocol.responses.ResponsesConfiguration;
import dev.heddle.gateway.protocol.responses.ResponsesSettings;
import dev.heddle.gateway.protocol.streams.StreamsConfiguration;
import java.util.Objects;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what speaks to clients, each part with the settings it needs. */
@Configuration(proxyBeanMethods = false)
@Import({
    HttpConfiguration.class,
    OpenAiConfiguration.class,
    OpsConfiguration.class,
    AssistantsConfiguration.class,
    ResponsesConfiguration.class,
    StreamsConfiguration.class
})
class FacadeConfiguration {
    @Bean
    HttpSettings httpSettings(ServerSettings settings) {
        var http = settings.http();
        return new HttpSettings(http.heartbeat(), http.maxBody(), http.frameCache());
    }

    @Bean
    ApiKeys apiKeys(ServerSettings settings) {
        try {
            return ApiKeys.of(settings.http().apiKeys());
        } catch (IllegalArgumentException wrong) {
            throw new StartRefused(Objects.requireNonNull(wrong.getMessage()));
        }
    }

    @Bean
    AssistantsSettings assistantsSettings(ServerSettings settings) {
        var threads = settings.threads();
        return AssistantsSettings.of(settings.compat(), threads.runExpiry(), threads.maxRunningRuns());
    }

    @Bean
    ResponsesSettings responsesSettings(ServerSettings settings) {
        return ResponsesSettings.of(settings.compat());
    }

    @Bean
    SafeBinding safeBinding(ServerProperties server, ApiKeys keys) {
        return SafeBinding.require(server.getAddress(), keys);
    }
}
