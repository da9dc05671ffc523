package dev.heddle.gateway.http.openai;

/** The member {@code name} of what models know by name: at most 64 letters, digits, {@code _} and {@code -}. */
public final class FunctionName {
    private static final String NAME = "name";
    private static final int MAX_LENGTH = 64;

    private FunctionName() {}

    public static String read(JsonFields fields) {
        String name = fields.requiredText(NAME);
        fields.text(NAME, MAX_LENGTH);
        if (!name.matches("[a-zA-Z0-9_-]+")) {
            throw Invalid.because(fields.path(NAME), "only letters, digits, '_' and '-' are allowed.");
        }
        return name;
    }
}
