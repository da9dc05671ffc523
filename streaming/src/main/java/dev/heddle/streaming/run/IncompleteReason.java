package dev.heddle.streaming.run;

/** Why a run or an item ended before it was whole. */
public enum IncompleteReason {
    MAX_PROMPT_TOKENS,
    MAX_COMPLETION_TOKENS,
    CONTENT_FILTER
}
