package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.AssistantSpec;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.ModelOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what requests say about an assistant. */
final class AssistantRequest {
    private static final Set<String> NAMES = Set.of(
            "model",
            "name",
            "description",
            "instructions",
            "tools",
            "tool_resources",
            "metadata",
            "temperature",
            "top_p",
            "reasoning_effort",
            "response_format",
            StrategyRequest.FIELD);
    private static final int MAX_NAME = 256;
    private static final int MAX_DESCRIPTION = 512;
    private static final int MAX_INSTRUCTIONS = 256_000;

    private AssistantRequest() {}

    static AssistantSpec toCreate(JsonFields fields) {
        var model = fields.only(NAMES).requiredText("model");
        return toChange(fields)
                .apply(new AssistantSpec(model, null, null, null, ModelOptions.DEFAULTS, List.of(), null, Map.of()));
    }

    /** A member that is absent keeps its value, null clears it; metadata are replaced as a whole. */
    static UnaryOperator<AssistantSpec> toChange(JsonFields fields) {
        fields.only(NAMES);
        Unsupported.checkToolResources(fields);
        var change = new Change(fields);
        return change::of;
    }

    /** Checks everything before it changes anything. */
    private static final class Change {
        private final JsonFields fields;
        private final @Nullable String model;
        private final @Nullable String name;
        private final @Nullable String description;
        private final @Nullable String instructions;
        private final Map<String, Object> metadata;
        private final OptionsRequest options;
        private final List<FunctionTool> tools;
        private final @Nullable Strategy strategy;

        Change(JsonFields fields) {
            this.fields = fields;
            this.model = fields.has("model") ? fields.requiredText("model") : null;
            this.name = fields.text("name", MAX_NAME).orElse(null);
            this.description = fields.text("description", MAX_DESCRIPTION).orElse(null);
            this.instructions = fields.text("instructions", MAX_INSTRUCTIONS).orElse(null);
            this.metadata = fields.metadata().orElse(Map.of());
            this.options = OptionsRequest.read(fields);
            this.tools = ToolsRequest.read(fields).orElse(List.of());
            this.strategy = StrategyRequest.read(fields).orElse(null);
        }

        AssistantSpec of(AssistantSpec spec) {
            return new AssistantSpec(
                    model == null ? spec.model() : model,
                    fields.has("name") ? name : spec.name(),
                    fields.has("description") ? description : spec.description(),
                    fields.has("instructions") ? instructions : spec.instructions(),
                    options.over(OptionsRequest.unnamed(fields, spec.options())),
                    fields.has("tools") ? tools : spec.tools(),
                    fields.has(StrategyRequest.FIELD) ? strategy : spec.strategy(),
                    fields.has("metadata") ? metadata : spec.metadata());
        }
    }
}
