package dev.heddle.gateway.server;

import dev.heddle.gateway.engine.AbandonedRuns;
import dev.heddle.gateway.engine.Compactor;
import dev.heddle.gateway.engine.EngineParts;
import dev.heddle.gateway.engine.InputTokens;
import dev.heddle.gateway.engine.MessageWait;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.RunEngine;
import dev.heddle.gateway.engine.RunService;
import dev.heddle.gateway.engine.ToolRunner;
import dev.heddle.gateway.model.BpeTokens;
import dev.heddle.persistence.Admission;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.log.TailCache;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Wires the engine on top of the kernel. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {
    @Bean
    EngineParts engineParts(
            Items items, ModelClient models, ToolRunner tools, ToolCalls ledger, ServerSettings settings) {
        return new EngineParts(
                items,
                models,
                tools,
                ledger,
                new BpeTokens(),
                settings.upstream().contextTokens(),
                Schedulers.boundedElastic());
    }

    @Bean
    RunWork runWork(EngineParts parts) {
        return new RunEngine(parts);
    }

    @Bean
    Compactor compactor(EngineParts parts) {
        return new Compactor(parts);
    }

    @Bean
    InputTokens inputTokens(EngineParts parts) {
        return new InputTokens(parts);
    }

    @Bean
    MessageWait messageWait(Runs runs, TailCache log, ThreadFeed feed) {
        return new MessageWait(runs, log, feed, Clock.systemUTC(), Schedulers.parallel());
    }

    @Bean
    RunService runService(Admission admission, Lanes lanes, MessageWait wait) {
        return new RunService(admission, lanes, wait);
    }

    @Bean(destroyMethod = "") // Its lifecycle closes it, and earlier.
    AbandonedRuns abandonedRuns(RunService service) {
        return new AbandonedRuns(run -> service.stop(run.thread(), run.id()));
    }

    @Bean
    AbandonedRunsLifecycle abandonedRunsLifecycle(AbandonedRuns abandoned) {
        return new AbandonedRunsLifecycle(abandoned);
    }
}
