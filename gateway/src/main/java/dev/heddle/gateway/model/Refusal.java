package dev.heddle.gateway.model;

import java.time.Duration;
import java.util.Optional;

/**
 * A status other than 2xx from a model's server. Never leaves this package: {@link Attempts} calls again, or makes a
 * {@code ProblemException} of it.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient UpstreamError error;
    private final transient Optional<Duration> retryAfter;

    Refusal(int status, UpstreamError error, Optional<Duration> retryAfter) {
        super("status " + status, null, false, false);
        this.status = status;
        this.error = error;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    UpstreamError error() {
        return error;
    }

    /** How long the server wants to be left alone, when it says so. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Whether the same call may well succeed later; the statuses at which OpenAI's own clients call again. */
    boolean mayPass() {
        return status == 408 || status == 409 || status == 429 || status >= 500;
    }
}
