package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.gateway.engine.Compactor;
import dev.heddle.gateway.engine.InputTokens;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.SocketUpgrades;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.RunFeed;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Schedulers;

/** The Responses API. Needs {@link ResponsesSettings}, the engine, the collections and the feed of runs. */
@Configuration(proxyBeanMethods = false)
public class ResponsesConfiguration {
    private static final String MISSING_KEY = "invalid_api_key";

    @Bean
    ResponseStream responseStream(RunFeed feed, FrameCache cache) {
        return new ResponseStream(feed, cache);
    }

    @Bean
    Creation creation(Threads threads, Items items, ModelClient models, ResponsesSettings settings) {
        return new Creation(threads, items, models, settings);
    }

    @Bean
    NewResponsesHandler newResponsesHandler(
            Creation creation,
            Runs runs,
            RunService service,
            ResponseStream stream,
            AbandonedRuns abandoned,
            Sse sse,
            RequestReader reader,
            ResponsesSettings settings) {
        return new NewResponsesHandler(creation, runs, service, stream, abandoned, sse, reader, settings);
    }

    @Bean
    ResponsesHandler responsesHandler(
            Runs runs, Items items, RunService service, ResponseStream stream, Sse sse, ResponsesSettings settings) {
        return new ResponsesHandler(runs, items, service, stream, sse, settings);
    }

    @Bean
    ConversationsHandler conversationsHandler(Threads threads, Items items, RunService service, RequestReader reader) {
        return new ConversationsHandler(threads, items, service, reader);
    }

    @Bean
    ConversationItemsHandler conversationItemsHandler(
            Threads threads, Items items, RunService service, RequestReader reader, ResponsesSettings settings) {
        return new ConversationItemsHandler(threads, items, service, reader, settings);
    }

    @Bean
    SocketsHandler responsesSocketsHandler(
            Creation creation,
            ResponseStream stream,
            AbandonedRuns abandoned,
            Runs runs,
            Threads threads,
            RunService service,
            SocketUpgrades upgrades) {
        return new SocketsHandler(creation, stream, abandoned, runs, threads, service, upgrades, Schedulers.parallel());
    }

    @Bean
    ContextHandler contextHandler(
            Items items,
            Threads threads,
            Runs runs,
            ModelClient models,
            Compactor compactor,
            InputTokens tokens,
            RequestReader reader) {
        return new ContextHandler(items, threads, runs, models, compactor, tokens, reader, Clock.systemUTC());
    }

    @Bean
    @Order(0)
    RouterFunction<ServerResponse> responsesRoutes(
            NewResponsesHandler newResponses,
            ResponsesHandler responses,
            ConversationsHandler conversations,
            ConversationItemsHandler items,
            SocketsHandler sockets,
            ContextHandler contexts,
            KeyFilter keys,
            TicketFilter tickets) {
        return new ResponsesRoutes(newResponses, responses, conversations, items, sockets, contexts)
                .routes(keys.calling(MISSING_KEY), tickets.over(keys.calling(MISSING_KEY)));
    }
}
