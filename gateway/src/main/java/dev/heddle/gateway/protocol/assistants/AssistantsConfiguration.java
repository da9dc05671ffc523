package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.Sse;
import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.RequestReader;
import dev.heddle.gateway.http.openai.TicketFilter;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.log.EventLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The Assistants API. Needs {@link AssistantsSettings}, the engine, the collections, the log and its feeds. */
@Configuration(proxyBeanMethods = false)
public class AssistantsConfiguration {
    @Bean
    RunStream runStream(RunFeed feed, FrameCache cache, AssistantsSettings settings) {
        return new RunStream(feed, cache, settings.runExpiry());
    }

    @Bean
    AssistantsHandler assistantsHandler(Assistants assistants, RequestReader reader) {
        return new AssistantsHandler(assistants, reader);
    }

    @Bean
    ThreadsHandler threadsHandler(Threads threads, RunService service, RequestReader reader) {
        return new ThreadsHandler(threads, service, reader);
    }

    @Bean
    CopiesHandler copiesHandler(RunService service, RequestReader reader) {
        return new CopiesHandler(service, reader);
    }

    @Bean
    MessagesHandler messagesHandler(
            Threads threads, Items items, RunService service, RequestReader reader, AssistantsSettings settings) {
        return new MessagesHandler(threads, items, service, reader, settings);
    }

    @Bean
    NewRunsHandler newRunsHandler(
            Assistants assistants,
            Runs runs,
            RunService service,
            RunStream stream,
            Sse sse,
            RequestReader reader,
            AssistantsSettings settings) {
        return new NewRunsHandler(assistants, runs, service, stream, sse, reader, settings);
    }

    @Bean
    RunsHandler runsHandler(
            Threads threads, Runs runs, RunService service, RequestReader reader, AssistantsSettings settings) {
        return new RunsHandler(threads, runs, service, reader, settings.pollAfter());
    }

    @Bean
    OutputsHandler outputsHandler(RunService service, RunStream stream, Sse sse, RequestReader reader) {
        return new OutputsHandler(service, stream, sse, reader);
    }

    @Bean
    QueueHandler queueHandler(Threads threads, Runs runs, RunService service, AssistantsSettings settings) {
        return new QueueHandler(threads, runs, service, settings.maxRunningRuns());
    }

    @Bean
    StepsHandler stepsHandler(Runs runs, Items items) {
        return new StepsHandler(runs, items);
    }

    @Bean
    EventsHandler eventsHandler(Runs runs, EventLog log, RunStream stream, Sse sse) {
        return new EventsHandler(runs, log, stream, sse);
    }

    @Bean
    @Order(0)
    RouterFunction<ServerResponse> assistantsRoutes(
            AssistantsHandler assistants,
            ThreadsHandler threads,
            CopiesHandler copies,
            MessagesHandler messages,
            NewRunsHandler newRuns,
            RunsHandler runs,
            OutputsHandler outputs,
            StepsHandler steps,
            QueueHandler queue,
            EventsHandler events,
            KeyFilter keys,
            TicketFilter tickets) {
        return new AssistantsRoutes(assistants, threads, copies, messages, newRuns, runs, outputs, steps, queue, events)
                .routes(keys, tickets);
    }
}
