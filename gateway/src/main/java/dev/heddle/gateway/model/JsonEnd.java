package dev.heddle.gateway.model;

/** Sees where a JSON object ends that comes in pieces; does not mind whether it is well-formed. */
final class JsonEnd {
    private int depth;
    private boolean begun;
    private boolean quoted;
    private boolean escaped;

    void read(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            read(piece.charAt(i));
        }
    }

    boolean isReached() {
        return begun && depth <= 0;
    }

    private void read(char c) {
        if (quoted) {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            begun = true;
            depth++;
        } else if (c == '}') {
            depth--;
        }
    }
}
