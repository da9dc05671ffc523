package dev.heddle.bench.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an answer comes: its chunks, how many a second (0: as fast as they are taken), and how many of them at once. A
 * request says it by the name of its model.
 */
public record Script(int chunks, int perSecond, int burst) {
    private static final Pattern NAME = Pattern.compile("bench-(\\d+)-(\\d+)-(\\d+)");

    public String model() {
        return "bench-" + chunks + "-" + perSecond + "-" + burst;
    }

    static Script in(CharSequence body) {
        Matcher name = NAME.matcher(body);
        if (!name.find()) {
            throw new IllegalArgumentException("no model of the bench in " + body);
        }
        return new Script(number(name, 1), number(name, 2), number(name, 3));
    }

    long nanosBetweenBursts() {
        return 1_000_000_000L * burst / perSecond;
    }

    private static int number(Matcher name, int group) {
        return Integer.parseInt(name.group(group));
    }
}
