package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;

/** The frames of our own thread streams: one an event, told as it is in the log. Pure functions of the event. */
final class ThreadEventFrames {
    private ThreadEventFrames() {}

    static SseFrame inArrivalOrder(Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frame(Long.toString(event.seq()), event);
            case Gap gap -> SseFrame.of(Long.toString(gap.to()), "gap", gap("seq", gap));
        };
    }

    /** A gap has no id here: it does not say of which turn it is, and the event behind it has one. */
    static SseFrame inTurnOrder(Followed followed) {
        return switch (followed) {
            case LoggedEvent event -> frame(new Cursor(event.turn(), event.runSeq()).toString(), event);
            case Gap gap -> SseFrame.of("gap", gap("run_seq", gap));
        };
    }

    private static SseFrame frame(String id, LoggedEvent event) {
        return SseFrame.of(id, ThreadEventJson.name(event.event()), Json.bytes(ThreadEventJson.of(event)));
    }

    private static byte[] gap(String unit, Gap gap) {
        return Json.bytes(new GapJson(unit, gap.from(), gap.to()));
    }

    /** Which numbers are missing, both included, and what they count. */
    private record GapJson(String of, long from, long to) {}
}
