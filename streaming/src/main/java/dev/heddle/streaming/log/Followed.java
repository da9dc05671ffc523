package dev.heddle.streaming.log;

/** What a follower of a log is given: the next event, or word that some are no longer kept. */
public sealed interface Followed permits LoggedEvent, Gap {}
