package dev.heddle.streaming.run;

/** A thread together with its tenant: what every query about a thread names. */
public record ThreadKey(TenantId tenant, ThreadId id) {}
