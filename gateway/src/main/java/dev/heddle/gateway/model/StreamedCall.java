package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelEvent;

/** One function call that comes in fragments. Its id and its name are the first ones that are not empty. */
final class StreamedCall {
    /** How many characters of arguments may come before the name. */
    private static final int MAX_CHARS_UNNAMED = 8_192;

    private static final int NOT_BEGUN = -1;

    private final long index;
    private final CleanText clean = new CleanText();
    private final JsonEnd jsonEnd = new JsonEnd();
    private String id = "";
    private String name = "";
    private String untold = "";
    private int number = NOT_BEGUN;

    /** {@code index} is the server's. */
    StreamedCall(long index) {
        this.index = index;
    }

    long index() {
        return index;
    }

    int number() {
        return number;
    }

    /**
     * Whether {@code piece}, which has the index of this call, is a fragment of it and not of a new one. An id decides;
     * where there is none, only the newest call goes on, until it is called by another name, or again with whole arguments.
     */
    boolean isContinuedBy(CallPiece piece, boolean newest) {
        if (!piece.id().isEmpty()) {
            return piece.id().equals(id) || (newest && id.isEmpty());
        }
        boolean tellsNoName = !id.isEmpty() || name.isEmpty() || piece.name().isEmpty();
        return newest && (tellsNoName || (piece.name().equals(name) && !jsonEnd.isReached()));
    }

    void add(CallPiece piece) {
        id = id.isEmpty() ? piece.id() : id;
        name = name.isEmpty() ? piece.name() : name;
        untold = untold.isEmpty() ? piece.arguments() : untold + piece.arguments();
        if (id.isEmpty()) {
            jsonEnd.read(piece.arguments());
        }
        if (name.isEmpty() && untold.length() > MAX_CHARS_UNNAMED) {
            throw Failures.unnamedCall();
        }
    }

    boolean canBegin() {
        return number == NOT_BEGUN && !name.isEmpty();
    }

    ModelEvent begin(int asNumber) {
        number = asNumber;
        return new ModelEvent.CallBegun(asNumber, CleanText.of(name));
    }

    /** What has come of the arguments, fit to be stored; empty before the call has begun. */
    String nextArguments() {
        if (number == NOT_BEGUN) {
            return "";
        }
        var next = clean.next(untold);
        untold = "";
        return next;
    }

    String lastArguments() {
        return number == NOT_BEGUN ? "" : clean.rest();
    }
}
