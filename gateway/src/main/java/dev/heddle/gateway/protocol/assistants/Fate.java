package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredItem;
import dev.heddle.persistence.StoredRun;
import java.time.Instant;
import java.util.Optional;

/** How far a step has come, in the protocol's words, and since when it has been over. */
record Fate(String status, Optional<Instant> endedAt) {
    static final String IN_PROGRESS = "in_progress";

    private static final String COMPLETED = "completed";

    /** A step that created a message shares its fate; calls are done with their last output, or end with their run. */
    static Fate of(Step step, StoredRun run) {
        return switch (step) {
            case Step.Creation creation -> ofMessage(creation.message());
            case Step.Calls calls ->
                calls.answeredAt()
                        .map(at -> new Fate(COMPLETED, Optional.of(at)))
                        .orElseGet(() -> new Fate(cutBy(run), run.endedAt()));
        };
    }

    boolean is(String word) {
        return status.equals(word);
    }

    /** A step whose message was cut at the token limit has done its work. */
    private static Fate ofMessage(StoredItem message) {
        return new Fate(
                switch (message.status()) {
                    case IN_PROGRESS -> IN_PROGRESS;
                    case COMPLETED, MAX_TOKENS, CONTENT_FILTER -> COMPLETED;
                    case RUN_CANCELLED -> "cancelled";
                    case RUN_EXPIRED -> "expired";
                    case RUN_FAILED -> "failed";
                },
                message.endedAt());
    }

    private static String cutBy(StoredRun run) {
        return switch (run.status()) {
            case QUEUED, IN_PROGRESS, REQUIRES_ACTION, CANCELLING -> IN_PROGRESS;
            case COMPLETED, INCOMPLETE -> COMPLETED;
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case EXPIRED -> "expired";
        };
    }
}
