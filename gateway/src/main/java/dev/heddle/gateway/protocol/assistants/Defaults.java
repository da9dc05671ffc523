package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.run.ModelOptions;

/** What objects show where nothing was set. The model is told nothing then. */
final class Defaults {
    private static final double ONE = 1.0;

    private Defaults() {}

    static double temperature(ModelOptions options) {
        return options.temperature() == null ? ONE : options.temperature();
    }

    static double topP(ModelOptions options) {
        return options.topP() == null ? ONE : options.topP();
    }

    /** Already JSON. */
    static String responseFormat(ModelOptions options) {
        return options.responseFormat() == null ? "\"auto\"" : options.responseFormat();
    }
}
