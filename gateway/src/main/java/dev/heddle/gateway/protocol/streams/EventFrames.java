package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.FrameKey;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.run.ThreadId;

/** The frames of our own streams: one an event, told as it is in the log, and encoded once for all readers. */
final class EventFrames {
    private static final String ARRIVAL = "thread.arrival";
    private static final String TURN = "thread.turn";

    private final FrameCache cache;

    EventFrames(FrameCache cache) {
        this.cache = cache;
    }

    SseFrame inArrivalOrder(ThreadId thread, Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frame(ARRIVAL, thread, Long.toString(event.seq()), event);
            case Gap gap -> SseFrame.of(Long.toString(gap.to()), "gap", gap("seq", gap));
        };
    }

    /** A gap has no id here: it does not say of which turn it is, and the event behind it has one. */
    SseFrame inTurnOrder(ThreadId thread, Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frame(TURN, thread, new Cursor(event.turn(), event.runSeq()).toString(), event);
            case Gap gap -> SseFrame.of("gap", gap("run_seq", gap));
        };
    }

    private SseFrame frame(String format, ThreadId thread, String id, LoggedEvent event) {
        return cache.frame(FrameKey.of(format, thread.value(), event.seq()), () -> encoded(id, event));
    }

    private static SseFrame encoded(String id, LoggedEvent event) {
        return SseFrame.of(id, EventJson.name(event.event()), Json.bytes(EventJson.of(event)));
    }

    private static byte[] gap(String unit, Gap gap) {
        return Json.bytes(new GapJson(unit, gap.from(), gap.to()));
    }

    /** Which numbers are missing, both included, and what they count. */
    private record GapJson(String of, long from, long to) {}
}
