package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Answer;

/** A figure of work that was not done is none: whatever is measured is also checked. */
final class Checks {
    private Checks() {}

    static void wholeAnswer(Answer answer, int chunks) {
        if (!answer.isOk() || answer.chunks() != chunks) {
            throw new IllegalStateException("expected " + chunks + " chunks, but was " + answer);
        }
    }
}
