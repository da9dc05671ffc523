package dev.heddle.streaming.feed;

/** Where a follower of a thread in turn order stands: behind the event {@code runSeq} of the given turn. */
public record Cursor(long turn, long runSeq) {
    /** In front of everything. */
    public static final Cursor START = new Cursor(0, -1);

    /** Reads {@code <turn>:<runSeq>}, as {@link #toString} writes it. Throws {@link NumberFormatException} otherwise. */
    public static Cursor parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new NumberFormatException("Not <turn>:<run_seq>: " + text);
        }
        return new Cursor(Long.parseLong(text, 0, colon, 10), Long.parseLong(text, colon + 1, text.length(), 10));
    }

    @Override
    public String toString() {
        return turn + ":" + runSeq;
    }
}
