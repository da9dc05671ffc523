package dev.heddle.gateway.tool;

import java.time.Duration;

/** What a model reads where a tool has no answer for it: one sentence, no addresses, no secrets. */
final class Words {
    private static final int MAX_BODY_CHARS = 2_000;
    private static final String UNCERTAIN = " Whether the call had an effect is not known.";

    private final String tool;

    Words(String tool) {
        this.tool = "The tool " + tool;
    }

    String notAnObject() {
        return tool + " was not called, because the arguments are not a JSON object.";
    }

    String tooSlow(Duration limit) {
        return tool + " did not answer within " + seconds(limit) + " s." + UNCERTAIN;
    }

    String unreachable() {
        return tool + " could not be reached.";
    }

    String insecure() {
        return tool + " was not called, because no secure connection to it could be made.";
    }

    String brokenOff() {
        return tool + " broke off the connection before its answer was complete." + UNCERTAIN;
    }

    String tooManyCalls() {
        return tool + " was not called, because too many calls of it are under way.";
    }

    String unexplained() {
        return tool + " could not be called properly." + UNCERTAIN;
    }

    String redirected(int status) {
        return tool + " answered with status " + status + ", and redirects are not followed.";
    }

    /** {@code body} stands behind the sentence, as far as it fits. */
    String refused(int status, String body) {
        var said = body.strip();
        return tool + " answered with status " + status + (said.isEmpty() ? "." : ":\n" + shortened(said));
    }

    /** Stands behind what there is of it. */
    static String cut(int maxBytes) {
        return "\n[Cut here: the output is longer than " + maxBytes + " bytes.]";
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_BODY_CHARS) {
            return text;
        }
        int end = MAX_BODY_CHARS - 1;
        // Not within a surrogate pair.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? String.valueOf(duration.toSeconds())
                : String.valueOf(duration.toMillis() / 1000.0);
    }
}
