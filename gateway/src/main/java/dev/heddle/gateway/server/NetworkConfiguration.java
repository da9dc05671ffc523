package dev.heddle.gateway.server;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.tcp.TcpResources;

/**
 * Has clients, models and the database served by the same event loops, so that what comes from one of them and goes to
 * another mostly stays on its thread.
 */
@Configuration(proxyBeanMethods = false)
class NetworkConfiguration {
    /** On the event loops of the database's driver; models are asked on them, too. They end with the process. */
    @Bean
    ReactorResourceFactory serverResources() {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(TcpResources.get());
        return resources;
    }
}
