package dev.heddle.streaming.run;

/** One part of a message. */
public sealed interface Content {
    /** Plain text; never holds U+0000, which PostgreSQL cannot store. */
    record Text(String text) implements Content {}

    /** A picture by address, passed to the model as it is. */
    record ImageUrl(String url, Detail detail) implements Content {}

    /** How closely a model should look at a picture. */
    enum Detail {
        AUTO,
        LOW,
        HIGH
    }
}
