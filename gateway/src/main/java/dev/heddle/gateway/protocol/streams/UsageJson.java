package dev.heddle.gateway.protocol.streams;

import dev.heddle.streaming.run.Usage;

record UsageJson(long prompt_tokens, long completion_tokens, long total_tokens) {
    static UsageJson of(Usage usage) {
        return new UsageJson(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
    }
}
