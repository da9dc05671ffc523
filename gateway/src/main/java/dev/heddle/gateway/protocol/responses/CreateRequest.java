package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.StrategyRequest;
import dev.heddle.persistence.Conduct;
import dev.heddle.persistence.Keeping;
import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.ContextLimits;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request to create a response.
 *
 * @param parent the response it goes on from
 * @param onDisconnect what becomes of it when its client goes before its end, where the request says
 */
record CreateRequest(
        RunSpec spec,
        Echo echo,
        List<InputItem> input,
        Optional<RunId> parent,
        Optional<ThreadId> conversation,
        Map<String, Object> metadata,
        Optional<Strategy> strategy,
        Optional<OnDisconnect> onDisconnect) {
    /** An extension of ours. */
    static final String ON_DISCONNECT = "on_disconnect";

    private static final Set<String> NAMES = Set.of(
            "model",
            "input",
            "instructions",
            "store",
            Parents.FIELD,
            "conversation",
            "metadata",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "max_output_tokens",
            "max_tool_calls",
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "top_logprobs",
            "text",
            "reasoning",
            "truncation",
            "include",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "user",
            "context_management",
            "prompt",
            "moderation",
            "prompt_cache_options",
            "prompt_cache_retention",
            "stream",
            "stream_options",
            "background",
            StrategyRequest.FIELD);
    private static final Set<String> OVER_HTTP = with(Set.of(ON_DISCONNECT));
    private static final Set<String> OVER_SOCKET = with(Set.of("type", "stream_id", "generate"));

    enum OnDisconnect {
        CONTINUE,
        CANCEL
    }

    static CreateRequest read(JsonFields fields) {
        fields.only(OVER_HTTP);
        return read(
                fields,
                fields.bool("stream").orElse(false),
                fields.bool("background").orElse(false),
                Conduct.ENDING);
    }

    /** Of a message {@code response.create}, which always streams, and may ask for no more than to prepare. */
    static CreateRequest ofSocket(JsonFields fields) {
        fields.only(OVER_SOCKET);
        require(fields, "stream", true, "a socket streams every response.");
        require(fields, "background", false, "a response goes on when its socket closes, unless it is not stored.");
        boolean generate = fields.bool("generate").orElse(true);
        return read(fields, true, false, generate ? Conduct.ENDING : Conduct.PREPARING);
    }

    private static CreateRequest read(JsonFields fields, boolean stream, boolean background, Conduct conduct) {
        Unserved.check(fields);
        checkStreamOptions(fields);
        String model = model(fields);
        var text = TextRequest.read(fields);
        var reasoning = ReasoningRequest.read(fields);
        var echo = new EchoRequest(stream, background).read(fields, text, reasoning);
        var toolUse = ToolsRequest.read(fields);
        boolean whole = echo.truncation().equals("disabled");
        var spec = new RunSpec(
                null,
                model,
                fields.text("instructions", InputRequest.MAX_TEXT).orElse(""),
                OptionsRequest.read(fields, text, reasoning),
                toolUse,
                new ContextLimits(null, null, whole),
                conduct,
                echo.json());
        return new CreateRequest(
                spec,
                echo,
                input(fields),
                parent(fields),
                ConversationRequest.named(fields),
                fields.metadata().orElse(Map.of()),
                StrategyRequest.read(fields),
                onDisconnect(fields));
    }

    private static String model(JsonFields fields) {
        String model = fields.requiredText("model");
        if (model.isBlank()) {
            throw Invalid.because(fields.path("model"), "it is empty.");
        }
        return model;
    }

    /** Clients may say what is so in any case. */
    private static void require(JsonFields fields, String name, boolean value, String why) {
        fields.bool(name).filter(said -> said != value).ifPresent(_ -> {
            throw Invalid.unsupported(fields.path(name), why);
        });
    }

    /** Nothing is obfuscated, which conforms whatever is asked for. */
    private static void checkStreamOptions(JsonFields fields) {
        fields.object("stream_options")
                .map(options -> options.only(Set.of("include_obfuscation")))
                .ifPresent(options -> options.bool("include_obfuscation"));
    }

    private static List<InputItem> input(JsonFields fields) {
        boolean alone = fields.value(Parents.FIELD).isEmpty()
                && fields.value("conversation").isEmpty();
        if (alone) {
            requireSome(fields);
        }
        Parents.checkAlone(fields);
        return InputRequest.read(fields, "input");
    }

    private static void requireSome(JsonFields fields) {
        if (fields.value("input").isEmpty()) {
            throw Invalid.missing(fields.path("input"));
        }
        if (fields.required("input").isArray()) {
            fields.requiredObjects("input");
        }
    }

    private static Optional<RunId> parent(JsonFields fields) {
        return fields.text(Parents.FIELD).map(Parents::id);
    }

    private static Optional<OnDisconnect> onDisconnect(JsonFields fields) {
        return fields.oneOf(ON_DISCONNECT, List.of("continue", "cancel"))
                .map(word -> word.equals("cancel") ? OnDisconnect.CANCEL : OnDisconnect.CONTINUE);
    }

    /** With this strategy, where it says none. */
    CreateRequest otherwise(Optional<Strategy> ofHeader) {
        return new CreateRequest(
                spec, echo, input, parent, conversation, metadata, strategy.or(() -> ofHeader), onDisconnect);
    }

    /** How long its run is found by its id. */
    Keeping keeping() {
        if (echo.store()) {
            return Keeping.STORED;
        }
        return echo.background() ? Keeping.BRIEFLY : Keeping.UNLISTED;
    }

    private static Set<String> with(Set<String> more) {
        var names = new HashSet<>(NAMES);
        names.addAll(more);
        return Set.copyOf(names);
    }
}
