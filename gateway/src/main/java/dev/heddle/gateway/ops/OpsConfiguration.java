package dev.heddle.gateway.ops;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What operators ask. Needs a {@link Readiness}. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {
    @Bean
    @Order(0)
    RouterFunction<ServerResponse> healthRoutes(Readiness readiness) {
        return new HealthRoutes(readiness).routes();
    }
}
