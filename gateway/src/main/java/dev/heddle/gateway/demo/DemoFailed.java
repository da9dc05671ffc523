package dev.heddle.gateway.demo;

/** The demo cannot go on; the message is a sentence for whoever watches it. */
public final class DemoFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DemoFailed(String message) {
        super(message);
    }
}
