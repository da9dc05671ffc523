package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A thread on which messages are added and three runs are admitted, started and ended in any order, kept as plain lists:
 * the reference for what a run sees. The same seed makes the same history.
 */
final class RandomHistory {
    private static final int RUNS = 3;
    private static final int STEPS = 24;

    private final Random random;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Fact> log = new ArrayList<>();
    private final Map<RunTurn, RunKey> keys = new HashMap<>();

    /** What holds a place in the thread. */
    private sealed interface Turn {
        int items();
    }

    private static final class MessageTurn implements Turn {
        private Optional<RunTurn> adoptedBy = Optional.empty();

        @Override
        public int items() {
            return 1;
        }
    }

    private static final class RunTurn implements Turn {
        private final int inputs;
        private int outputs;

        RunTurn(int inputs) {
            this.inputs = inputs;
        }

        @Override
        public int items() {
            return inputs + outputs;
        }
    }

    /** An event of the log; its place there is its number. */
    private sealed interface Fact {
        record Started(RunTurn run) implements Fact {}

        record Said(RunTurn run) implements Fact {}

        record Ended(RunTurn run) implements Fact {}
    }

    /** A run whose context can be asked for. */
    record StartedRun(RunKey key, long startedSeq) {}

    private RandomHistory(long seed) {
        random = new Random(seed);
    }

    static RandomHistory of(long seed) {
        var history = new RandomHistory(seed);
        for (int step = 0; step < STEPS; step++) {
            history.step();
        }
        return history;
    }

    private void step() {
        switch (random.nextInt(5)) {
            case 0 -> turns.add(new MessageTurn());
            case 1 -> admit();
            case 2 -> anyRun(run -> !isStarted(run)).ifPresent(run -> log.add(new Fact.Started(run)));
            case 3 -> anyRun(this::isWorking).ifPresent(this::say);
            default -> anyRun(run -> !isEnded(run)).ifPresent(run -> log.add(new Fact.Ended(run)));
        }
    }

    private void admit() {
        if (runs().size() == RUNS) {
            return;
        }
        var run = new RunTurn(random.nextInt(3));
        turns.stream()
                .filter(turn -> turn instanceof MessageTurn message && message.adoptedBy.isEmpty())
                .forEach(turn -> ((MessageTurn) turn).adoptedBy = Optional.of(run));
        turns.add(run);
    }

    private void say(RunTurn run) {
        run.outputs++;
        log.add(new Fact.Said(run));
    }

    private Optional<RunTurn> anyRun(Predicate<RunTurn> wanted) {
        var candidates = runs().stream().filter(wanted).toList();
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.get(random.nextInt(candidates.size())));
    }

    private List<RunTurn> runs() {
        return turns.stream()
                .filter(RunTurn.class::isInstance)
                .map(RunTurn.class::cast)
                .toList();
    }

    private boolean isStarted(RunTurn run) {
        return log.contains(new Fact.Started(run)) || isEnded(run);
    }

    private boolean isWorking(RunTurn run) {
        return log.contains(new Fact.Started(run)) && !isEnded(run);
    }

    private boolean isEnded(RunTurn run) {
        return log.contains(new Fact.Ended(run));
    }

    /** Puts what the history has come to into the database. */
    void store(StoredRows rows, ThreadKey thread) {
        for (var run : runs()) {
            keys.put(run, rows.run(thread, number(run), run.inputs));
        }
        for (var turn : turns) {
            switch (turn) {
                case MessageTurn message -> rows.message(thread, number(turn), adopter(message));
                case RunTurn run -> storeItems(rows, run);
            }
        }
        for (var fact : log) {
            switch (fact) {
                case Fact.Started(var run) -> rows.start(keys.get(run), seq(fact));
                case Fact.Said _ -> {}
                case Fact.Ended(var run) -> rows.end(keys.get(run), RunStatus.COMPLETED, seq(fact));
            }
        }
    }

    private void storeItems(StoredRows rows, RunTurn run) {
        for (int index = 0; index < run.items(); index++) {
            if (index < run.inputs) {
                rows.input(keys.get(run), index);
            } else {
                rows.output(keys.get(run), index);
            }
        }
    }

    private Optional<RunId> adopter(MessageTurn message) {
        return message.adoptedBy.map(run -> keys.get(run).id());
    }

    List<StartedRun> startedRuns() {
        return log.stream()
                .filter(Fact.Started.class::isInstance)
                .map(fact -> new StartedRun(keys.get(((Fact.Started) fact).run()), seq(fact)))
                .toList();
    }

    /** The items that the run sees, as {@code turn.index}: ordering.md §3, sentence by sentence. */
    List<String> seenBy(StartedRun started) {
        var reader = (RunTurn) turns.get((int) started.key().turn() - 1);
        var seen = new ArrayList<String>();
        for (var turn : turns.subList(0, turns.indexOf(reader) + 1)) {
            if (turn == reader
                    || isAdoptedBy(reader, turn)
                    || isSettled(turn, started.startedSeq())
                    || (turn instanceof MessageTurn && bringsNothing(reader))) {
                for (int index = 0; index < turn.items(); index++) {
                    seen.add(number(turn) + "." + index);
                }
            }
        }
        return seen;
    }

    private static boolean isAdoptedBy(RunTurn reader, Turn turn) {
        return turn instanceof MessageTurn message && message.adoptedBy.equals(Optional.of(reader));
    }

    private boolean isSettled(Turn turn, long startedSeq) {
        return switch (turn) {
            case MessageTurn message ->
                message.adoptedBy.map(run -> isSettled(run, startedSeq)).orElse(true);
            case RunTurn run -> isEnded(run) && seq(new Fact.Ended(run)) < startedSeq;
        };
    }

    private boolean bringsNothing(RunTurn reader) {
        return reader.inputs == 0 && turns.stream().noneMatch(turn -> isAdoptedBy(reader, turn));
    }

    private long number(Turn turn) {
        return turns.indexOf(turn) + 1L;
    }

    private long seq(Fact fact) {
        return log.indexOf(fact) + 1L;
    }

    @Override
    public String toString() {
        return turns.size() + " turns, " + log.size() + " events";
    }
}
