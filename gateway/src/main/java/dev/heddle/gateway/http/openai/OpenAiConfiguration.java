package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.Bodies;
import dev.heddle.gateway.http.Sockets;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Tickets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What OpenAI's protocols share. */
@Configuration(proxyBeanMethods = false)
public class OpenAiConfiguration {
    @Bean
    KeyFilter keyFilter(ApiKeys keys) {
        return new KeyFilter(keys);
    }

    @Bean
    RequestReader requestReader(Bodies bodies) {
        return new RequestReader(bodies);
    }

    @Bean
    TicketFilter ticketFilter(KeyFilter keys, Tickets tickets, Runs runs) {
        return new TicketFilter(keys, tickets, runs);
    }

    @Bean
    SocketUpgrades socketUpgrades(Sockets sockets) {
        return new SocketUpgrades(sockets);
    }

    /** Asked last, after the routes of every protocol. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    RouterFunction<ServerResponse> unknownUrls() {
        return UnknownUrls.routes();
    }
}
