package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.EventLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Heddle's own streams. Needs the collections, the log and its feed. */
@Configuration(proxyBeanMethods = false)
public class StreamsConfiguration {
    @Bean
    EventFrames eventFrames(FrameCache cache) {
        return new EventFrames(cache);
    }

    @Bean
    ThreadEventsHandler threadEventsHandler(
            Threads threads, EventLog log, ThreadFeed feed, EventFrames frames, Sse sse) {
        return new ThreadEventsHandler(threads, log, feed, frames, sse);
    }

    @Bean
    @Order(0)
    RouterFunction<ServerResponse> streamsRoutes(ThreadEventsHandler events, KeyFilter keys) {
        return new StreamsRoutes(events).routes(keys);
    }
}
