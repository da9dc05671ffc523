package dev.heddle.persistence;

import dev.heddle.streaming.run.AssistantId;
import java.time.Instant;

/** A stored assistant; {@code version} counts its changes from 1. */
public record Assistant(AssistantId id, int version, Instant createdAt, AssistantSpec spec) {}
