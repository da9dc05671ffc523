package dev.heddle.gateway.demo;

/**
 * How a run ended, as its own stream told it.
 *
 * @param text what the stream's deltas make together
 * @param failure why there is no whole answer; empty if there is one
 */
record Answer(User user, String run, String text, String failure) {}
