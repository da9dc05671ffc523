package dev.heddle.gateway.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A claim, and where what happened differs from it: nowhere, when it holds. */
record Check(String claim, List<String> differences) {
    private static final int MAX_SHOWN = 3;

    Check {
        differences = List.copyOf(differences);
    }

    boolean holds() {
        return differences.isEmpty();
    }

    /** Claims that two lists are equal; tells the first places where they are not. */
    static Check equal(String claim, List<?> expected, List<?> found) {
        return new Check(claim, differences("", expected, found).toList());
    }

    /** The first places where the lists differ, each sentence beginning with {@code of}. */
    static Stream<String> differences(String of, List<?> expected, List<?> found) {
        return IntStream.range(0, Math.max(expected.size(), found.size()))
                .filter(i -> !at(expected, i).equals(at(found, i)))
                .limit(MAX_SHOWN)
                .mapToObj(i -> of + "at place " + (i + 1) + ": expected " + shown(at(expected, i)) + ", found "
                        + shown(at(found, i)));
    }

    private static Optional<Object> at(List<?> list, int index) {
        return index < list.size() ? Optional.of(list.get(index)) : Optional.empty();
    }

    private static String shown(Optional<Object> value) {
        return value.map(Object::toString).orElse("nothing");
    }
}
