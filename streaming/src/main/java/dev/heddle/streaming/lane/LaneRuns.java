package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The active runs of a thread by turn, and which of them may start now. Touched only by the lane's tasks. */
final class LaneRuns {
    private final int maxRunning;
    private final TreeMap<Long, LaneRun> byTurn = new TreeMap<>();
    private final Map<RunId, LaneRun> byId = new HashMap<>();

    LaneRuns(int maxRunning) {
        this.maxRunning = maxRunning;
    }

    void add(LaneRun run) {
        byTurn.put(run.key().turn(), run);
        byId.put(run.key().id(), run);
    }

    void remove(LaneRun run) {
        byTurn.remove(run.key().turn());
        byId.remove(run.key().id());
    }

    Optional<LaneRun> find(RunId run) {
        return Optional.ofNullable(byId.get(run));
    }

    boolean hasTurn(long turn) {
        return byTurn.containsKey(turn);
    }

    /** Whether nothing happens here before something new is asked: all that is left waits for a client. */
    boolean areWaiting() {
        return count(LaneRun.Phase.WORKING) + count(LaneRun.Phase.ENDING) == 0
                && startable().isEmpty();
    }

    Collection<LaneRun> all() {
        return List.copyOf(byTurn.values());
    }

    /** The queued run of the earliest turn that may start, if there is a place for it. */
    Optional<LaneRun> startable() {
        if (count(LaneRun.Phase.WORKING) >= maxRunning) {
            return Optional.empty();
        }
        return byTurn.values().stream().filter(this::mayStart).findFirst();
    }

    private boolean mayStart(LaneRun run) {
        int earlier = byTurn.headMap(run.key().turn()).size();
        return run.phase() == LaneRun.Phase.QUEUED
                && (run.begun().isPresent() || run.strategy().mayStart(earlier));
    }

    private int count(LaneRun.Phase phase) {
        int count = 0;
        for (LaneRun run : byTurn.values()) {
            count += run.phase() == phase ? 1 : 0;
        }
        return count;
    }
}
