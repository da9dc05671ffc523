package dev.heddle.gateway.http;

/** What becomes of a message that comes while runs of its thread are active. */
public enum OnActiveRun {
    ALLOW,
    REJECT,
    /** It is added as soon as the thread is idle. */
    WAIT
}
