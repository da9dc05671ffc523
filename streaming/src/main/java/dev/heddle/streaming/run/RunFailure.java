package dev.heddle.streaming.run;

/** Why a run failed, in words its client may read. */
public record RunFailure(Code code, String message) {
    /** The classes of failure that every facade can name. */
    public enum Code {
        SERVER_ERROR,
        RATE_LIMIT_EXCEEDED,
        INVALID_PROMPT
    }

    public static RunFailure serverError(String message) {
        return new RunFailure(Code.SERVER_ERROR, message);
    }
}
