package dev.heddle.gateway.tool;

import dev.heddle.streaming.run.FunctionTool;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tool as its operator registers it.
 *
 * @param definition what models are told of it
 * @param idempotent whether a call under the same {@code Idempotency-Key} may be made twice
 */
public record HttpToolSettings(
        FunctionTool definition, ToolUrl url, Optional<SecretHeader> secret, boolean idempotent, Limits limits) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** Refuses what can not work with a sentence. */
    public HttpToolSettings {
        if (!NAME.matcher(definition.name()).matches()) {
            throw new IllegalArgumentException("Its name is not 1 to 64 letters, digits, _ and -.");
        }
        definition = withCompactParameters(definition);
    }

    /** A tool that is called once a call, within the default limits. */
    public static HttpToolSettings of(FunctionTool definition, ToolUrl url) {
        return new HttpToolSettings(definition, url, Optional.empty(), false, Limits.DEFAULTS);
    }

    public HttpToolSettings withSecret(SecretHeader other) {
        return new HttpToolSettings(definition, url, Optional.of(other), idempotent, limits);
    }

    public HttpToolSettings withIdempotent() {
        return new HttpToolSettings(definition, url, secret, true, limits);
    }

    public HttpToolSettings withLimits(Limits other) {
        return new HttpToolSettings(definition, url, secret, idempotent, other);
    }

    String name() {
        return definition.name();
    }

    private static FunctionTool withCompactParameters(FunctionTool tool) {
        return tool.parameters() == null
                ? tool
                : new FunctionTool(
                        tool.name(), tool.description(), JsonText.compactSchema(tool.parameters()), tool.strict());
    }

    /**
     * What a call may take.
     *
     * @param timeout of one attempt, from the wait for a connection to the last byte of the answer
     * @param maxOutputBytes of an answer; a longer one is cut
     */
    public record Limits(Duration timeout, int maxOutputBytes) {
        private static final int LARGEST_OUTPUT = 4 << 20;
        private static final Duration LONGEST = Duration.ofHours(1);

        public static final Limits DEFAULTS = new Limits(Duration.ofSeconds(30), 1 << 20);

        public Limits {
            if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("Its timeout is not between 1 ms and 1 h.");
            }
            if (maxOutputBytes < 1 || maxOutputBytes > LARGEST_OUTPUT) {
                throw new IllegalArgumentException("Its largest output is not between 1 byte and 4 MB.");
            }
        }
    }
}
