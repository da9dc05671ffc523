package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The function calls of one answer, put together from the fragments in which a server sends them. A call begins once its
 * name is known; calls count from 0 in the order in which they begin. For one thread at a time.
 */
final class FunctionCalls {
    /** As many as OpenAI's models make at most. */
    static final int MAX_CALLS = 128;

    private final Consumer<ModelEvent> events;
    private final List<StreamedCall> calls = new ArrayList<>();
    private int begun;

    /** {@code events} is told what becomes known of the calls, at once. */
    FunctionCalls(Consumer<ModelEvent> events) {
        this.events = events;
    }

    void add(CallPiece piece) {
        var call = callOf(piece);
        call.add(piece);
        if (call.canBegin()) {
            events.accept(call.begin(begun++));
        }
        tell(call, call.nextArguments());
    }

    /** Tells what is left of the arguments; nothing may be added after that. */
    void end() {
        calls.forEach(call -> tell(call, call.lastArguments()));
    }

    /** Whether a function was asked for, with or without its name. */
    boolean areMade() {
        return !calls.isEmpty();
    }

    boolean areNamed() {
        return begun == calls.size();
    }

    private void tell(StreamedCall call, String arguments) {
        if (!arguments.isEmpty()) {
            events.accept(new ModelEvent.Arguments(call.number(), arguments));
        }
    }

    /** Looks from the newest back, as servers that use an index again go on with the newest call of it. */
    private StreamedCall callOf(CallPiece piece) {
        boolean newest = true;
        for (int i = calls.size() - 1; i >= 0; i--) {
            var call = calls.get(i);
            if (call.index() == piece.index()) {
                if (call.isContinuedBy(piece, newest)) {
                    return call;
                }
                newest = false;
            }
        }
        return added(piece.index());
    }

    private StreamedCall added(long index) {
        if (calls.size() == MAX_CALLS) {
            throw Failures.tooManyCalls(MAX_CALLS);
        }
        var call = new StreamedCall(index);
        calls.add(call);
        return call;
    }
}
