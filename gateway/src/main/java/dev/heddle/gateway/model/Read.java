package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.streaming.run.ProblemException;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import org.jspecify.annotations.Nullable;

/**
 * What one network read brought: events, and perhaps the failure that came after them. Iterating throws the failure in its
 * place, so that it can not overtake events that wait for demand, as an error of the publisher would.
 */
final class Read implements Iterable<ModelEvent> {
    /** No events: the read ended within one, or told nothing. */
    static final Read NOTHING = new Read(List.of(), null);

    private final List<ModelEvent> events;
    private final @Nullable ProblemException failure;

    private Read(List<ModelEvent> events, @Nullable ProblemException failure) {
        this.events = events;
        this.failure = failure;
    }

    static Read of(List<ModelEvent> events) {
        return events.isEmpty() ? NOTHING : new Read(events, null);
    }

    static Read failed(List<ModelEvent> events, ProblemException failure) {
        return new Read(events, failure);
    }

    boolean isFailed() {
        return failure != null;
    }

    @Override
    public Iterator<ModelEvent> iterator() {
        return failure == null ? events.iterator() : new FailingIterator(events.iterator(), failure);
    }

    @Override
    public Spliterator<ModelEvent> spliterator() {
        return failure == null ? events.spliterator() : Iterable.super.spliterator();
    }

    private record FailingIterator(Iterator<ModelEvent> events, ProblemException failure)
            implements Iterator<ModelEvent> {
        @Override
        public boolean hasNext() {
            if (events.hasNext()) {
                return true;
            }
            throw failure;
        }

        @Override
        public ModelEvent next() {
            return events.next();
        }
    }
}
