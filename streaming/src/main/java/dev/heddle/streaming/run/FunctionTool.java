package dev.heddle.streaming.run;

import org.jspecify.annotations.Nullable;

/**
 * A function that a model may ask for.
 *
 * @param name letters, digits, {@code _} and {@code -}; unique among the tools of a run
 * @param parameters a JSON Schema as compact JSON text, passed to the model unchanged
 * @param strict whether the model's server shall hold the arguments to the schema; null where nobody said
 */
public record FunctionTool(
        String name,
        @Nullable String description,
        @Nullable String parameters,
        @Nullable Boolean strict) {}
