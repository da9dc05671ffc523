package dev.heddle.streaming.log;

/** The events {@code from … to}, both included, are no longer kept; what follows continues after {@code to}. */
public record Gap(long from, long to) implements Followed {}
