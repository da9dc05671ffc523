package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.USAGE;
import static dev.heddle.streaming.run.TestRuns.closed;
import static dev.heddle.streaming.run.TestRuns.opened;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** What the works of a run will say from its start to its end, thought up at random, and how the last one ends. */
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

    /** So many of the plan's words are the first so many of a run's own, which may have made a call once more. */
    record Progress(int planned, int said) {}

    static Plan random(RandomGenerator random) {
        var says = new ArrayList<RunEvent>();
        int modelCalls = random.nextInt(4);
        int items = 0;
        for (int call = 0; call < modelCalls; call++) {
            items +=
                    random.nextInt(3) > 0 ? addMessage(says, call, items, random) : addPause(says, call, items, random);
        }
        End end = random.nextInt(3) > 0 ? End.COMPLETED : End.values()[random.nextInt(End.values().length)];
        switch (end) {
            case COMPLETED -> says.add(new RunEvent.Completed(USAGE));
            case INCOMPLETE -> says.add(new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, USAGE));
            case MODEL_FAILED, FAULT, NOTHING -> {}
        }
        return new Plan(List.copyOf(says), end);
    }

    /** A model call that ends with a message; answers how many items there are more. */
    private static int addMessage(List<RunEvent> says, int modelCall, int index, RandomGenerator random) {
        var item = ItemId.fresh();
        int pieces = random.nextInt(10);
        says.add(new RunEvent.ModelCallStarted(modelCall));
        says.add(opened(index, item));
        for (int i = 0; i < pieces; i++) {
            String text = random.nextInt(200) == 0 ? UNSTORABLE : "piece " + i + " ";
            says.add(new RunEvent.TextAppended(index, item, text));
        }
        says.add(closed(index, item, ItemStatus.COMPLETED, "all of it"));
        says.add(new RunEvent.ModelCallEnded(modelCall, USAGE));
        return 1;
    }

    /** A model call that asks for functions, all open at the same time; their outputs will take as many places. */
    private static int addPause(List<RunEvent> says, int modelCall, int index, RandomGenerator random) {
        List<ItemId> items =
                Stream.generate(ItemId::fresh).limit(1 + random.nextInt(3)).toList();
        var calls = new ArrayList<Item.FunctionCall>();
        says.add(new RunEvent.ModelCallStarted(modelCall));
        for (int i = 0; i < items.size(); i++) {
            calls.add(new Item.FunctionCall(CallId.fresh(), "weather", "{}"));
            var start = new Item.FunctionCall(calls.get(i).call(), "weather", "");
            says.add(new RunEvent.ItemOpened(index + i, items.get(i), modelCall, start));
        }
        for (int i = 0; i < items.size(); i++) {
            says.add(new RunEvent.ArgumentsAppended(index + i, items.get(i), "{}"));
            says.add(new RunEvent.ItemClosed(index + i, items.get(i), ItemStatus.COMPLETED, calls.get(i), Usage.NONE));
        }
        says.add(new RunEvent.ModelCallEnded(modelCall, USAGE));
        says.add(new RunEvent.ActionRequired(calls));
        return 2 * items.size();
    }

    /** How far a run has come. */
    Progress progress(List<RunEvent> words) {
        int planned = 0;
        int said = 0;
        while (said < words.size()) {
            if (planned < says.size() && words.get(said).equals(says.get(planned))) {
                planned++;
            } else if (!isCallOnceMore(planned, words.get(said))) {
                break;
            }
            said++;
        }
        return new Progress(planned, said);
    }

    private boolean isCallOnceMore(int planned, RunEvent word) {
        return planned > 0 && word instanceof RunEvent.ModelCallStarted && word.equals(says.get(planned - 1));
    }

    /** What a work says that is begun behind these words: a call that has shown nothing is made once more. */
    List<RunEvent> behind(List<RunEvent> words) {
        int planned = progress(words).planned();
        boolean inCall = planned > 0 && says.get(planned - 1) instanceof RunEvent.ModelCallStarted;
        return says.subList(inCall ? planned - 1 : planned, says.size());
    }

    /** All that a work has to say that is begun behind these words, as fast as it is asked for. */
    Flux<RunEvent> eventsBehind(List<RunEvent> words) {
        Flux<RunEvent> events = Flux.fromIterable(behind(words));
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

    /** Whether it says its own end. */
    boolean isWhole() {
        return !says.isEmpty() && says.getLast() instanceof RunEvent.Terminal;
    }

    /** How the run ends when nobody stops it. */
    RunStatus ending() {
        return isStorable() ? end.status : RunStatus.FAILED;
    }
}
