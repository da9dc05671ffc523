package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Works that say what a test tells them to, when it tells them to. */
final class ScriptedWork implements RunWork {
    private final Map<RunId, Script> scripts = new ConcurrentHashMap<>();

    /** The script of a run, before or while it works. */
    Script of(RunKey run) {
        return scripts.computeIfAbsent(run.id(), _ -> new Script());
    }

    @Override
    public Flux<RunEvent> events(StartedRun run) {
        return of(run.key()).begin(run.startedSeq());
    }

    /** What is said goes to the work that was begun last; nobody hears what is said between a pause and the resumption. */
    static final class Script {
        private Sinks.Many<RunEvent> said = Sinks.many().unicast().onBackpressureBuffer();
        private Supplier<Flux<RunEvent>> events = () -> said.asFlux();
        private Runnable onCancel = () -> {};
        private int begun;
        private int cancelled;
        private long pulled;
        private long startedSeq;

        /** Says all of this as fast as it is asked to, instead of what is said by the test. */
        Script says(Flux<RunEvent> all) {
            events = () -> all;
            return this;
        }

        Script says(RunEvent... next) {
            return says(List.of(next));
        }

        Script says(List<RunEvent> next) {
            next.forEach(event -> said.emitNext(event, Sinks.EmitFailureHandler.FAIL_FAST));
            return this;
        }

        void fails(Throwable error) {
            said.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
        }

        void ends() {
            said.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        }

        /** Happens when the work is cancelled. */
        void onCancel(Runnable action) {
            onCancel = action;
        }

        int begun() {
            return begun;
        }

        boolean isWorking() {
            return begun > cancelled;
        }

        boolean wasCancelled() {
            return cancelled > 0;
        }

        /** How many events its lane has taken. */
        long pulled() {
            return pulled;
        }

        long startedSeq() {
            return startedSeq;
        }

        private Flux<RunEvent> begin(long seq) {
            if (begun++ > 0) {
                said = Sinks.many().unicast().onBackpressureBuffer();
            }
            startedSeq = seq;
            return events.get().doOnNext(_ -> pulled++).doOnCancel(this::cancel);
        }

        private void cancel() {
            cancelled++;
            onCancel.run();
        }
    }
}
