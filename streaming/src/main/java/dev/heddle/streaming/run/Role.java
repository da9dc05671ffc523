package dev.heddle.streaming.run;

/** Who says a message. */
public enum Role {
    USER,
    ASSISTANT
}
