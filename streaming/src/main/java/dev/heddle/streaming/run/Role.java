package dev.heddle.streaming.run;

/** Who says a message. */
public enum Role {
    USER,
    ASSISTANT,
    /** Not said to anybody: what the client tells the model to go by, from here on. */
    SYSTEM,
    DEVELOPER
}
