package dev.heddle.streaming.run;

/** A run, the thread it belongs to and the turn it holds there: enough to follow it. */
public record RunKey(ThreadKey thread, long turn, RunId id) {}
