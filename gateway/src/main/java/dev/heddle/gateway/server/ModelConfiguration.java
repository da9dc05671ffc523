package dev.heddle.gateway.server;

import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.model.ChatCompletionsModel;
import dev.heddle.gateway.model.DemoModel;
import dev.heddle.gateway.model.ModelCatalog;
import dev.heddle.gateway.model.UpstreamSettings;
import java.net.URI;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Wires the models: the built-in one, and the upstream for every other name where there is one. */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {
    private static final Duration WORD = Duration.ofMillis(40);

    @Bean
    ModelClient models(ServerSettings settings) {
        var demo = new DemoModel(Schedulers.parallel(), WORD);
        var upstream = settings.upstream();
        return upstream.baseUrl().isEmpty()
                ? ModelCatalog.withoutUpstream(demo)
                : ModelCatalog.of(demo, new ChatCompletionsModel(settingsOf(upstream), Schedulers.parallel()));
    }

    private static UpstreamSettings settingsOf(ServerSettings.Upstream upstream) {
        var timeouts = new UpstreamSettings.Timeouts(
                UpstreamSettings.Timeouts.DEFAULTS.connect(), upstream.firstByteTimeout(), upstream.idleTimeout());
        var usual = UpstreamSettings.Retries.DEFAULTS;
        var retries = new UpstreamSettings.Retries(
                upstream.maxAttempts(), upstream.retryPause(), usual.maxBackoff(), usual.maxRetryAfter());
        return UpstreamSettings.of(URI.create(upstream.baseUrl()), upstream.apiKey())
                .withTimeouts(timeouts)
                .withRetries(retries);
    }
}
