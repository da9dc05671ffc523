package dev.heddle.gateway.protocol.responses;

import dev.heddle.streaming.run.Usage;

/** What a response has cost. Nobody tells what was written to a cache. */
record UsageJson(
        long input_tokens,
        InputDetails input_tokens_details,
        long output_tokens,
        OutputDetails output_tokens_details,
        long total_tokens) {

    record InputDetails(long cached_tokens, long cache_write_tokens) {}

    record OutputDetails(long reasoning_tokens) {}

    static UsageJson of(Usage usage) {
        return new UsageJson(
                usage.promptTokens(),
                new InputDetails(usage.cachedTokens(), 0),
                usage.completionTokens(),
                new OutputDetails(usage.reasoningTokens()),
                usage.totalTokens());
    }
}
