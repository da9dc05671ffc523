package dev.heddle.gateway.server;

import dev.heddle.gateway.http.Compat;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** Everything that can be set as {@code heddle.*}, but for the database, which is {@code heddle.database.*}. */
@ConfigurationProperties("heddle")
public record ServerSettings(
        @DefaultValue("open") Compat compat,
        @DefaultValue Upstream upstream,
        @DefaultValue Http http,
        @DefaultValue Threads threads,
        @DefaultValue Tail tail,
        @DefaultValue List<Tool> tools) {

    /**
     * The model server for every model that is not built in.
     *
     * @param baseUrl up to and including {@code /v1}; empty for none
     * @param apiKey sent as a bearer token; empty for none
     * @param contextTokens what its models take at most; longer threads are shortened in the middle
     * @param firstByteTimeout how long the first byte of an answer may take
     * @param idleTimeout how long the server may fall silent within an answer that somebody wants more of
     * @param maxAttempts how often a call is tried, as long as its answer has not begun
     * @param retryPause before the second attempt; doubles with every further one, up to 8 s
     */
    public record Upstream(
            @DefaultValue("") String baseUrl,
            @DefaultValue("") String apiKey,
            @DefaultValue("128000") int contextTokens,
            @DefaultValue("60s") Duration firstByteTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @DefaultValue("3") int maxAttempts,
            @DefaultValue("500ms") Duration retryPause) {
        /** Without the key: settings get logged. */
        @Override
        public String toString() {
            return "Upstream[baseUrl=" + baseUrl + ", apiKey=" + (apiKey.isEmpty() ? "none" : "given") + "]";
        }
    }

    /**
     * How it speaks HTTP.
     *
     * @param apiKeys the keys that are let in, each {@code <tenant>:<key>}, with options behind semicolons; with none,
     *     everybody is let in, on loopback addresses only
     * @param heartbeat after how much silence an event stream says that it is alive
     * @param maxBody the largest request body, or message of a socket, that is read
     * @param frameCache encoded frames of streams, kept for further readers
     */
    public record Http(
            @DefaultValue List<String> apiKeys,
            @DefaultValue("15s") Duration heartbeat,
            @DefaultValue("16MB") DataSize maxBody,
            @DefaultValue("32MB") DataSize frameCache) {}

    /**
     * The bounds of one thread.
     *
     * @param maxRunningRuns runs that work at the same time; further ones wait
     * @param maxQueuedRuns runs that wait; further ones are refused
     * @param runExpiry how long a run may work
     */
    public record Threads(
            @DefaultValue("16") int maxRunningRuns,
            @DefaultValue("64") int maxQueuedRuns,
            @DefaultValue("600s") Duration runExpiry) {}

    /**
     * The newest events, kept in memory for readers that keep up.
     *
     * @param maxPerThread of one thread
     * @param max of all threads
     */
    public record Tail(
            @DefaultValue("1MB") DataSize maxPerThread,
            @DefaultValue("64MB") DataSize max) {}

    /**
     * A tool that this server calls itself.
     *
     * @param name as models call it: 1 to 64 letters, digits, {@code _} and {@code -}; required
     * @param description what models are told it is good for; empty for nothing
     * @param parameters a JSON Schema of an object, as JSON text; empty for a tool that takes nothing
     * @param url what calls are posted to, http or https; required
     * @param secretHeader {@code Name: value}, sent with every call; empty for none
     * @param timeout of one attempt to call it
     * @param idempotent whether a call may be made twice, under the same {@code Idempotency-Key}
     * @param maxOutput the largest answer; a longer one is cut
     */
    public record Tool(
            @DefaultValue("") String name,
            @DefaultValue("") String description,
            @DefaultValue("") String parameters,
            @DefaultValue("") String url,
            @DefaultValue("") String secretHeader,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("false") boolean idempotent,
            @DefaultValue("1MB") DataSize maxOutput) {
        /** Without the secret, and without the URL, which may hold one. */
        @Override
        public String toString() {
            return "Tool[name=" + name + ", secretHeader=" + (secretHeader.isEmpty() ? "none" : "given") + "]";
        }
    }
}
