package dev.heddle.gateway.server;

/** The instance will not start as it is set up; the message is a sentence for the operator. */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartRefused(String message) {
        super(message);
    }
}
