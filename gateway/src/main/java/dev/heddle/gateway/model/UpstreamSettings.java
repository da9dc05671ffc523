package dev.heddle.gateway.model;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach a model server, and how much patience and room it gets.
 *
 * @param baseUrl what {@code /chat/completions} is appended to, such as {@code https://api.openai.com/v1}
 * @param apiKey sent as bearer token; empty for a server that asks for none
 */
public record UpstreamSettings(URI baseUrl, String apiKey, Timeouts timeouts, Retries retries, Limits limits) {
    /** The server with the defaults for everything else. */
    public static UpstreamSettings of(URI baseUrl, String apiKey) {
        return new UpstreamSettings(baseUrl, apiKey, Timeouts.DEFAULTS, Retries.DEFAULTS, Limits.DEFAULTS);
    }

    public UpstreamSettings withTimeouts(Timeouts other) {
        return new UpstreamSettings(baseUrl, apiKey, other, retries, limits);
    }

    public UpstreamSettings withRetries(Retries other) {
        return new UpstreamSettings(baseUrl, apiKey, timeouts, other, limits);
    }

    public UpstreamSettings withLimits(Limits other) {
        return new UpstreamSettings(baseUrl, apiKey, timeouts, retries, other);
    }

    URI chatCompletions() {
        var base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
    }

    /** Without the key: settings get logged. */
    @Override
    public String toString() {
        return "UpstreamSettings[baseUrl=" + baseUrl + ", apiKey=" + (apiKey.isEmpty() ? "none" : "given") + ", "
                + timeouts + ", " + retries + ", " + limits + "]";
    }

    /**
     * When an attempt is given up.
     *
     * @param connect until the connection stands
     * @param firstByte from the request's departure to the first byte of the answer's body
     * @param idle between two reads, as long as somebody wants more of the answer: a slow reader is not the model's fault
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle) {
        public static final Timeouts DEFAULTS =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    /**
     * How often a call is tried, as long as the answer has not begun.
     *
     * @param maxAttempts the first one included; 1 means never again
     * @param firstBackoff before the second attempt; doubles with every further one, less a random part of up to a half
     * @param maxBackoff where the doubling ends
     * @param maxRetryAfter the longest wait a server may ask for; one that asks for more is not called again
     */
    public record Retries(int maxAttempts, Duration firstBackoff, Duration maxBackoff, Duration maxRetryAfter) {
        public static final Retries DEFAULTS =
                new Retries(3, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(20));
    }

    /**
     * What one server may take up at most.
     *
     * @param maxEventBytes of one event of the stream, or one line of it
     * @param maxConnections that are open at once; one call needs one
     * @param maxPendingCalls that wait for a connection; one more is refused at once
     * @param maxPendingTime that a call waits for a connection
     */
    public record Limits(int maxEventBytes, int maxConnections, int maxPendingCalls, Duration maxPendingTime) {
        public static final Limits DEFAULTS = new Limits(1 << 20, 2_000, 4_000, Duration.ofSeconds(30));
    }
}
