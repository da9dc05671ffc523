package dev.heddle.persistence.postgres;

import java.util.Locale;

/** How a constant is spelt in a column and in stored JSON: {@code IN_PROGRESS} is {@code in_progress}. */
final class Spelling {
    private Spelling() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when no constant is spelt so */
    static <E extends Enum<E>> E read(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
