package dev.heddle.bench.scenario;

import java.util.regex.Pattern;

/** The little that a client of the gateway has to find in its answers. */
final class Json {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private Json() {}

    /** The first id, which is that of the object itself. */
    static String id(String object) {
        var id = ID.matcher(object);
        if (!id.find()) {
            throw new IllegalStateException("no id in " + object);
        }
        return id.group(1);
    }
}
