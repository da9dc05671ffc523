package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunStatus;

/** A run that was admitted and has not ended, as its thread's owner needs to know it. */
public record ActiveRun(RunId run, long turn, Strategy strategy, RunStatus status) {}
