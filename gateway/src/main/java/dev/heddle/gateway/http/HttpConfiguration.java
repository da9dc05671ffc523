package dev.heddle.gateway.http;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** What all facades share. Needs {@link HttpSettings} and {@link ApiKeys}. */
@Configuration(proxyBeanMethods = false)
public class HttpConfiguration {
    @Bean
    RequestIds requestIds() {
        return new RequestIds();
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
    Sockets sockets(HttpSettings settings) {
        return new Sockets(settings.heartbeat(), settings.maxBody(), Schedulers.parallel());
    }

    @Bean
    SocketsLifecycle socketsLifecycle(Sockets sockets) {
        return new SocketsLifecycle(sockets);
    }

    @Bean
    FrameCache frameCache(HttpSettings settings) {
        return new FrameCache(settings.frameCache());
    }

    @Bean
    NextRequest nextRequest() {
        return new NextRequest();
    }
}
