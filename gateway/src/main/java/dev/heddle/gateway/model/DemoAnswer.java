package dev.heddle.gateway.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the demo model says to a question: repeats it, gives a piece of general advice, and says what it is. 25 to 40 words. */
record DemoAnswer(List<String> words) {
    private static final int MAX_QUOTED_WORDS = 8;
    private static final int MAX_QUOTED_WORD_CHARS = 20;
    private static final String SIGNATURE = "I am Heddle's built-in demo model, so please ask a real one too.";

    private static final List<String> ADVICE = List.of(
            "Start with the smallest version that could work, then let what you see decide the next step.",
            "Say it in one sentence, find an example, then look for a case where it fails.",
            "Write down what you know already: the gap that is left is the real question.",
            "Ask two people who would disagree about it, and note where both give the same answer.",
            "Take the option that is easiest to undo, and look again when you know more.");

    static DemoAnswer to(String question) {
        var asked = wordsOf(question);
        return new DemoAnswer(wordsOf(opening(asked) + " " + advice(asked) + " " + SIGNATURE));
    }

    static List<String> wordsOf(String text) {
        return Stream.of(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private static String opening(List<String> asked) {
        return asked.isEmpty() ? "You have not asked anything yet." : "You asked: “" + quoted(asked) + "”.";
    }

    /** Of a long question the beginning and the end, in which questions differ most. */
    private static String quoted(List<String> asked) {
        if (asked.size() <= MAX_QUOTED_WORDS) {
            return String.join(" ", asked.stream().map(DemoAnswer::cut).toList());
        }
        int half = MAX_QUOTED_WORDS / 2;
        var beginning = quoted(asked.subList(0, half));
        return beginning + " … " + quoted(asked.subList(asked.size() - half + 1, asked.size()));
    }

    /** Never within a surrogate pair. */
    private static String cut(String word) {
        int chars = word.codePointCount(0, word.length());
        return chars <= MAX_QUOTED_WORD_CHARS
                ? word
                : word.substring(0, word.offsetByCodePoints(0, MAX_QUOTED_WORD_CHARS)) + "…";
    }

    private static String advice(List<String> asked) {
        return switch (asked.isEmpty()
                ? ""
                : asked.getFirst().toLowerCase(Locale.ROOT).replaceAll("\\W", "")) {
            case "" -> "Ask me anything, in two windows at once if you like: the order stays the same.";
            case "hello", "hi", "hey" ->
                "Hello! Ask me something while I talk, and see how both answers keep their order.";
            case "how" -> ADVICE.get(0);
            case "what", "who", "which" -> ADVICE.get(1);
            case "why" -> ADVICE.get(2);
            default -> ADVICE.get(Math.floorMod(String.join(" ", asked).hashCode(), ADVICE.size()));
        };
    }
}
