package dev.heddle.gateway.server;

import dev.heddle.persistence.postgres.PostgresConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The whole instance. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = R2dbcAutoConfiguration.class)
@EnableConfigurationProperties(ServerSettings.class)
@Import({
    NetworkConfiguration.class,
    PostgresConfiguration.class,
    KernelConfiguration.class,
    EngineConfiguration.class,
    ModelConfiguration.class,
    ToolConfiguration.class,
    FacadeConfiguration.class
})
class ServerConfiguration {}
