package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.Bodies;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.SocketUpgrades;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Threads;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Doorbell;
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
    TicketsHandler ticketsHandler(Tickets tickets, Runs runs, Bodies bodies) {
        return new TicketsHandler(tickets, runs, bodies);
    }

    @Bean
    ThreadSocketHandler threadSocketHandler(
            Threads threads,
            EventLog log,
            Doorbell doorbell,
            ThreadFeed feed,
            EventFrames frames,
            SocketUpgrades upgrades) {
        return new ThreadSocketHandler(new ThreadSocketParts(threads, log, doorbell, feed, frames), upgrades);
    }

    @Bean
    @Order(0)
    RouterFunction<ServerResponse> streamsRoutes(
            TicketsHandler tickets,
            ThreadEventsHandler events,
            ThreadSocketHandler sockets,
            KeyFilter keys,
            TicketFilter byTicket) {
        return new StreamsRoutes(tickets, events, sockets).routes(keys, byTicket);
    }
}
