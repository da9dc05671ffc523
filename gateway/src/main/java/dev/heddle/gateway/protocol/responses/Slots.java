package dev.heddle.gateway.protocol.responses;

import java.util.ArrayDeque;
import java.util.Queue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets so many publishers work at the same time; further ones begin, in their order, when one of these has ended. */
final class Slots {
    private final Queue<Sinks.Empty<Void>> waiting = new ArrayDeque<>();
    private int free;

    Slots(int count) {
        this.free = count;
    }

    /** The publisher, as soon as there is a slot for it. Who is cancelled while it waits, waits no more. */
    <T> Flux<T> use(Flux<T> publisher) {
        return Flux.usingWhen(slot(), _ -> publisher, slot -> Mono.fromRunnable(slot::release));
    }

    private Mono<Slot> slot() {
        return Mono.defer(() -> {
            var turn = ask();
            return turn.asMono().thenReturn(new Slot()).doOnCancel(() -> giveUp(turn));
        });
    }

    private synchronized Sinks.Empty<Void> ask() {
        Sinks.Empty<Void> turn = Sinks.empty();
        if (free > 0) {
            free--;
            turn.tryEmitEmpty(); // Nobody else has it yet.
        } else {
            waiting.add(turn);
        }
        return turn;
    }

    /** A slot that was given at the same moment goes on to the next one. */
    private void giveUp(Sinks.Empty<Void> turn) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(turn);
        }
        if (!waited) {
            pass();
        }
    }

    private void pass() {
        Sinks.Empty<Void> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.tryEmitEmpty(); // It was taken out of the queue, so that nobody else tells it.
    }

    private final class Slot {
        void release() {
            pass();
        }
    }
}
