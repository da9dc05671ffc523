package dev.heddle.gateway.http;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** What all facades share. Needs {@link HttpSettings}. */
@Configuration(proxyBeanMethods = false)
public class HttpConfiguration {
    @Bean
    RequestIds requestIds() {
        return new RequestIds();
    }

    @Bean
    ApiKeys apiKeys(HttpSettings settings) {
        return ApiKeys.of(settings.apiKeys());
    }

    @Bean
    Bodies bodies(HttpSettings settings) {
        return new Bodies(settings.maxBody());
    }

    @Bean
    Sse sse(HttpSettings settings) {
        return new Sse(settings.heartbeat(), Schedulers.parallel());
    }

    @Bean
    NextRequest nextRequest() {
        return new NextRequest();
    }
}
