package dev.heddle.gateway.model;

/**
 * Makes the pieces of a text fit to be stored and sent: U+0000, which PostgreSQL refuses, and halves of surrogate pairs,
 * which have no UTF-8, become U+FFFD. A pair that was cut between two pieces is put together again.
 */
final class CleanText {
    private static final int REPLACEMENT = 0xFFFD;

    /** The first half of a pair, when the piece before ended with it. */
    private String heldBack = "";

    /** A text that stands alone, cleaned. */
    static String of(String text) {
        return isPlain(text) ? text : replaceUnfit(text);
    }

    /** The next piece, cleaned; may be empty, as its only character may be half of a pair. */
    String next(String piece) {
        return heldBack.isEmpty() && isPlain(piece) ? piece : clean(heldBack + piece);
    }

    /** What is left when no piece follows, or none that could be its second half; mostly empty. */
    String rest() {
        if (heldBack.isEmpty()) {
            return "";
        }
        heldBack = "";
        return String.valueOf((char) REPLACEMENT);
    }

    private static boolean isPlain(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private String clean(String text) {
        int end = text.length();
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        heldBack = text.substring(end);
        return replaceUnfit(text.substring(0, end));
    }

    private static String replaceUnfit(String text) {
        return text.codePoints()
                .map(c -> c == 0 || isHalfOfPair(c) ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isHalfOfPair(int codePoint) {
        return Character.isBmpCodePoint(codePoint) && Character.isSurrogate((char) codePoint);
    }
}
