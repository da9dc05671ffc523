package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A log whose appends can be held back, refused or failed. One thread at a time. */
final class ScriptedLog implements EventLog {
    private final EventLog log;
    private final Deque<Held> held = new ArrayDeque<>();
    private final Deque<Runnable> heldReads = new ArrayDeque<>();
    private final List<Append> appends = new ArrayList<>();
    private boolean holding;
    private boolean holdingReads;
    private String refusedText = "\0";
    private boolean failing;

    ScriptedLog(EventLog log) {
        this.log = log;
    }

    /** From now on appends stay under way. */
    void hold() {
        holding = true;
    }

    /** All appends that stayed under way are made, and later ones at once. */
    void release() {
        holding = false;
        while (!held.isEmpty()) {
            releaseOne();
        }
    }

    /** The oldest append that stayed under way is made; later ones are still held. */
    void releaseOne() {
        Held first = held.remove();
        log.append(first.append).subscribe(first.outcome::success);
    }

    int held() {
        return held.size();
    }

    /** From now on a page is read at once, but handed over only later. */
    void holdReads() {
        holdingReads = true;
    }

    void releaseReads() {
        holdingReads = false;
        while (!heldReads.isEmpty()) {
            releaseOneRead();
        }
    }

    /** The oldest page that was held back is handed over. */
    void releaseOneRead() {
        heldReads.remove().run();
    }

    int heldReads() {
        return heldReads.size();
    }

    /** Appends with this text in one of their events are refused. */
    void refuse(String text) {
        refusedText = text;
    }

    /** The next append ends with an error, as by a fault in the log. */
    void failNext() {
        failing = true;
    }

    /** All appends that were subscribed to, in order, whatever became of them. */
    List<Append> appends() {
        return appends;
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return Mono.defer(() -> {
            appends.add(append);
            if (failing) {
                failing = false;
                return Mono.error(new IllegalStateException("A fault in the log"));
            }
            if (append.events().toString().contains(refusedText)) {
                return Mono.just(new AppendOutcome.Refused("It says " + refusedText));
            }
            return holding ? Mono.create(outcome -> held.add(new Held(append, outcome))) : log.append(append);
        });
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return read(log.readThread(thread, after, limit));
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return read(log.readTurn(thread, turn, after, limit));
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return read(log.turnAfter(thread, turn));
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return read(log.head(thread));
    }

    private <T> Mono<T> read(Mono<T> answer) {
        return Mono.defer(() -> holdingReads ? later(answer.blockOptional()) : answer);
    }

    private <T> Mono<T> later(Optional<T> answer) {
        return Mono.create(sink -> heldReads.add(() -> answer.ifPresentOrElse(sink::success, sink::success)));
    }

    private record Held(Append append, MonoSink<AppendOutcome> outcome) {}
}
