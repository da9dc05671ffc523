package dev.heddle.gateway.ops;

import dev.heddle.persistence.DatabaseHealth;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What operators ask. Needs a {@link DatabaseHealth}. */
@Configuration(proxyBeanMethods = false)
public class OpsConfiguration {
    @Bean
    @Order(0)
    RouterFunction<ServerResponse> healthRoutes(DatabaseHealth database) {
        return new HealthRoutes(database).routes();
    }
}
