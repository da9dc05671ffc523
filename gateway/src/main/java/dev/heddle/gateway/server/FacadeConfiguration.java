package dev.heddle.gateway.server;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.HttpConfiguration;
import dev.heddle.gateway.http.HttpSettings;
import dev.heddle.gateway.http.openai.OpenAiConfiguration;
import dev.heddle.gateway.ops.OpsConfiguration;
import dev.heddle.gateway.protocol.assistants.AssistantsConfiguration;
import dev.heddle.gateway.protocol.assistants.AssistantsSettings;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what speaks to clients, each part with the settings it needs. */
@Configuration(proxyBeanMethods = false)
@Import({HttpConfiguration.class, OpenAiConfiguration.class, OpsConfiguration.class, AssistantsConfiguration.class})
class FacadeConfiguration {
    @Bean
    HttpSettings httpSettings(ServerSettings settings) {
        var http = settings.http();
        return new HttpSettings(http.apiKeys(), http.heartbeat(), http.maxBody());
    }

    @Bean
    AssistantsSettings assistantsSettings(ServerSettings settings) {
        var expiry = settings.threads().runExpiry();
        int running = settings.threads().maxRunningRuns();
        return switch (settings.compat()) {
            case OPEN -> AssistantsSettings.open(expiry, running);
            case STRICT -> AssistantsSettings.strict(expiry, running);
        };
    }

    @Bean
    SafeBinding safeBinding(ServerProperties server, ApiKeys keys) {
        return SafeBinding.require(server.getAddress(), keys);
    }
}
