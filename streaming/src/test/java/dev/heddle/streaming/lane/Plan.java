package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.USAGE;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.opened;

import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;

/** What the work of a run will say, thought up at random: its events, and how it ends. */
record Plan(List<RunEvent> says, End end) {
    /** A text that no log can store. */
    static final String UNSTORABLE = "unstorable";

    /** How a work ends after its last event. */
    enum End {
        COMPLETED(RunStatus.COMPLETED),
        INCOMPLETE(RunStatus.INCOMPLETE),
        MODEL_FAILED(RunStatus.FAILED),
        FAULT(RunStatus.FAILED),
        NOTHING(RunStatus.FAILED);

        private final RunStatus status;

        End(RunStatus status) {
            this.status = status;
        }
    }

    static Plan random(RandomGenerator random) {
        var says = new ArrayList<RunEvent>();
        int items = random.nextInt(3);
        for (int i = 0; i < items; i++) {
            addItem(says, i, random);
        }
        End end = random.nextInt(3) > 0 ? End.COMPLETED : End.values()[random.nextInt(End.values().length)];
        switch (end) {
            case COMPLETED -> says.add(new RunEvent.Completed(USAGE));
            case INCOMPLETE -> says.add(new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, USAGE));
            case MODEL_FAILED, FAULT, NOTHING -> {}
        }
        return new Plan(List.copyOf(says), end);
    }

    private static void addItem(List<RunEvent> says, int index, RandomGenerator random) {
        var item = ItemId.fresh();
        int pieces = random.nextInt(12);
        says.add(new RunEvent.ModelCallStarted(index));
        says.add(opened(index, item));
        for (int i = 0; i < pieces; i++) {
            String text = random.nextInt(200) == 0 ? UNSTORABLE : "piece " + i + " ";
            says.add(new RunEvent.TextAppended(index, item, text));
        }
        says.add(closed(index, item, ItemStatus.COMPLETED, "all of it"));
        says.add(new RunEvent.ModelCallEnded(index, USAGE));
    }

    /** The whole work, as fast as it is asked for. */
    Flux<RunEvent> events() {
        Flux<RunEvent> events = Flux.fromIterable(says);
        return switch (end) {
            case COMPLETED, INCOMPLETE, NOTHING -> events;
            case MODEL_FAILED -> events.concatWith(Flux.error(modelFailed()));
            case FAULT -> events.concatWith(Flux.error(new IllegalStateException("A fault in the work")));
        };
    }

    static ProblemException modelFailed() {
        return new ProblemException(new Problem.ModelFailed(RunFailure.serverError("no model")));
    }

    boolean isStorable() {
        return says.stream()
                .noneMatch(event -> event instanceof RunEvent.TextAppended text
                        && text.text().equals(UNSTORABLE));
    }

    /** How the run ends when nobody stops it. */
    RunStatus ending() {
        return isStorable() ? end.status : RunStatus.FAILED;
    }
}
