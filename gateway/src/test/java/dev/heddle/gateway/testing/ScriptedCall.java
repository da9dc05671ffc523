package dev.heddle.gateway.testing;

/** A function that a script asks for; {@code arguments} is what the model writes, so perhaps nothing, or no JSON. */
public record ScriptedCall(String function, String arguments) {
    /** Reads {@code weather({"city":"Paris"})}; {@code time} and {@code time()} have no arguments. */
    static ScriptedCall parse(String text) {
        int open = text.indexOf('(');
        if (open < 0) {
            return new ScriptedCall(text, "");
        }
        if (!text.endsWith(")")) {
            throw new IllegalArgumentException("no call is written " + text);
        }
        return new ScriptedCall(text.substring(0, open), text.substring(open + 1, text.length() - 1));
    }
}
