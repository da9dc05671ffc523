package dev.heddle.streaming.feed;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A log that counts the pages it hands out, and can be interrupted before one. */
final class CountingLog implements EventLog {
    private final EventLog log;
    private final List<Integer> pages = new ArrayList<>();
    private Runnable afterNextPage = () -> {};

    CountingLog(EventLog log) {
        this.log = log;
    }

    /** The sizes of all pages handed out so far. */
    List<Integer> pages() {
        return pages;
    }

    /** Happens once, when the next page was read and not yet handed out. */
    void afterNextPage(Runnable action) {
        afterNextPage = action;
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return log.append(append);
    }

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return log.readThread(thread, after, limit).doOnNext(this::handOut);
    }

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return log.readTurn(thread, turn, after, limit).doOnNext(this::handOut);
    }

    @Override
    public @Nullable List<LoggedEvent> atHandOfThread(ThreadKey thread, long after, int limit) {
        return handedOut(log.atHandOfThread(thread, after, limit));
    }

    @Override
    public @Nullable List<LoggedEvent> atHandOfTurn(ThreadKey thread, long turn, long after, int limit) {
        return handedOut(log.atHandOfTurn(thread, turn, after, limit));
    }

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return log.turnAfter(thread, turn);
    }

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return log.head(thread);
    }

    private @Nullable List<LoggedEvent> handedOut(@Nullable List<LoggedEvent> atHand) {
        if (atHand != null) {
            handOut(atHand);
        }
        return atHand;
    }

    private void handOut(List<LoggedEvent> page) {
        pages.add(page.size());
        Runnable action = afterNextPage;
        afterNextPage = () -> {};
        action.run();
    }
}
