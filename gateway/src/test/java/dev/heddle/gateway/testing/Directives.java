package dev.heddle.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the directives in a message: options between {@code [[} and {@code ]]}, with blanks between them. Inside of quotes
 * and of parentheses blanks and brackets are as good as any other character.
 */
final class Directives {
    private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"";
    private static final String GROUPED = "\\((?:[^\"()]++|" + QUOTED + ")*+\\)";
    private static final Pattern OPTION =
            Pattern.compile("(?:[^\"()\\[\\]\\s]++|" + QUOTED + "|" + GROUPED + ")++", Pattern.DOTALL);
    private static final Pattern DIRECTIVE =
            Pattern.compile("\\[\\[((?:[^\"()\\[\\]\\n]++|" + QUOTED + "|" + GROUPED + ")*+)]]", Pattern.DOTALL);

    private Directives() {}

    /** The options of each round: every {@code then} begins the next one. Those of the first round are always there. */
    static List<List<String>> rounds(String message) {
        var rounds = new ArrayList<List<String>>(List.of(new ArrayList<>()));
        for (String option : options(message)) {
            if (option.equals("then")) {
                rounds.add(new ArrayList<>());
            } else {
                rounds.getLast().add(option);
            }
        }
        return rounds;
    }

    private static List<String> options(String message) {
        return DIRECTIVE
                .matcher(message)
                .results()
                .flatMap(directive -> OPTION.matcher(directive.group(1)).results())
                .map(option -> option.group())
                .toList();
    }

    static String removedFrom(String message) {
        return DIRECTIVE.matcher(message).replaceAll("").strip();
    }
}
