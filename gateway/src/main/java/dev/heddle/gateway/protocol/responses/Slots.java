package dev.heddle.gateway.protocol.responses;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets so many publishers work at the same time; further ones begin, in their order, when one of these has ended. */
final class Slots {
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int free;

    Slots(int count) {
        this.free = count;
    }

    /** The publisher, as soon as there is a slot for it. Who is cancelled while it waits, waits no more. */
    <T> Flux<T> use(Flux<T> publisher) {
        return Flux.usingWhen(turn(), _ -> publisher, turn -> Mono.fromRunnable(() -> end(turn)));
    }

    private Mono<Turn> turn() {
        return Mono.defer(() -> {
            var turn = ask();
            return turn.came.asMono().thenReturn(turn).doOnCancel(() -> end(turn));
        });
    }

    private synchronized Turn ask() {
        var turn = new Turn();
        if (free > 0) {
            free--;
            turn.came.tryEmitEmpty(); // Nobody else has it yet.
        } else {
            waiting.add(turn);
        }
        return turn;
    }

    /** Who is cancelled at the moment at which its slot comes ends its turn twice: the slot goes on once. */
    private void end(Turn turn) {
        next(turn).ifPresent(next -> next.came.tryEmitEmpty()); // It was taken out of the queue: nobody else tells it.
    }

    private synchronized Optional<Turn> next(Turn turn) {
        if (turn.over) {
            return Optional.empty();
        }
        turn.over = true;
        if (waiting.remove(turn)) {
            return Optional.empty();
        }
        var next = Optional.ofNullable(waiting.poll());
        if (next.isEmpty()) {
            free++;
        }
        return next;
    }

    private static final class Turn {
        private final Sinks.Empty<Void> came = Sinks.empty();
        private boolean over;
    }
}
