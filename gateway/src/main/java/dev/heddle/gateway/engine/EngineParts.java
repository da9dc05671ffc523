package dev.heddle.gateway.engine;

import dev.heddle.persistence.Items;
import dev.heddle.persistence.ToolCalls;
import reactor.core.scheduler.Scheduler;

/**
 * What the work of every run needs.
 *
 * @param contextTokens what a model takes at most
 * @param counting where tokens are counted, which takes its time
 */
public record EngineParts(
        Items items,
        ModelClient models,
        ToolRunner tools,
        ToolCalls ledger,
        TokenCounter counter,
        int contextTokens,
        Scheduler counting) {}
