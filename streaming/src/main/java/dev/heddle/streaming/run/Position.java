package dev.heddle.streaming.run;

/**
 * Where an item stands in its thread: turn first, then index inside the turn. Turns count from 1, indexes from 0.
 * Every list is this order or its exact reverse.
 */
public record Position(long turn, int index) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        int byTurn = Long.compare(turn, other.turn);
        return byTurn != 0 ? byTurn : Integer.compare(index, other.index);
    }
}
