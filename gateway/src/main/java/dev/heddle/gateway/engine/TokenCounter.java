package dev.heddle.gateway.engine;

/** Counts as models count. */
public interface TokenCounter {
    /** How many tokens a model of this name makes of the text; a good guess for a name nobody knows. Takes its time. */
    int tokens(String model, String text);
}
