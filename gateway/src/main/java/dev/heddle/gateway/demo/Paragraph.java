package dev.heddle.gateway.demo;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of a width; a word that is longer than a line gets one of its own. */
final class Paragraph {
    private Paragraph() {}

    static List<String> lines(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : List.of(text.strip().split("\\s+"))) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
