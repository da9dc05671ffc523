package dev.heddle.gateway.http;

import dev.heddle.streaming.lane.Strategy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How requests with a key are meant where they do not say. What is empty is as the server has it.
 *
 * @param strategy of runs, where neither their assistant nor their thread says, either
 */
public record KeyDefaults(Optional<Compat> compat, Optional<Strategy> strategy, Optional<OnActiveRun> onActiveRun) {
    public static final KeyDefaults NONE = new KeyDefaults(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String COMPAT = "compat";
    private static final String STRATEGY = "multitask_strategy";
    private static final String ON_ACTIVE_RUN = "on_active_run";
    private static final Set<String> NAMES = Set.of(COMPAT, STRATEGY, ON_ACTIVE_RUN);

    /** Reads options, each {@code name=value}; throws {@link IllegalArgumentException} with a sentence for any other. */
    static KeyDefaults parse(List<String> options) {
        var values = new HashMap<String, String>();
        options.forEach(option -> put(values, option));
        return new KeyDefaults(
                value(values, COMPAT, Compat.class),
                value(values, STRATEGY, Strategy.class),
                value(values, ON_ACTIVE_RUN, OnActiveRun.class));
    }

    /** What was not meant as an option may be part of a secret, so it is not shown. */
    private static void put(Map<String, String> values, String option) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? "" : option.substring(0, equals).strip();
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("Behind its first semicolon an API key has options, which are"
                    + " compat=…, multitask_strategy=… and on_active_run=…; one of those configured is none of these.");
        }
        if (values.put(name, option.substring(equals + 1).strip()) != null) {
            throw new IllegalArgumentException("An API key has its option " + name + " twice.");
        }
    }

    private static <E extends Enum<E>> Optional<E> value(Map<String, String> values, String name, Class<E> type) {
        return Optional.ofNullable(values.get(name)).map(text -> constant(name, text, type));
    }

    private static <E extends Enum<E>> E constant(String name, String text, Class<E> type) {
        var words = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!words.contains(text)) {
            throw new IllegalArgumentException("An API key has the option " + name + "=" + text
                    + ", but its value can only be one of " + String.join(", ", words) + ".");
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
