package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.http.FrameKey;
import dev.heddle.gateway.http.Json;
import dev.heddle.gateway.http.SseFrame;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.feed.Cursor;
import dev.heddle.streaming.log.Followed;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;

/** The frames of our own streams: one an event, told as it is in the log, and encoded once for all readers. */
final class EventFrames {
    private static final String ARRIVAL = "thread.arrival";
    private static final String TURN = "thread.turn";
    private static final byte[] END_OF_PIECE = Json.utf8("\"}");

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
        String name = EventJson.name(event.event());
        return event.event() instanceof ThreadEvent.OfRun(RunId run, long seq, RunEvent.TextAppended piece)
                ? SseFrame.of(id, name, piece(event, run, seq, piece), Json.escaped(piece.text()), END_OF_PIECE)
                : SseFrame.of(id, name, Json.bytes(EventJson.of(event)));
    }

    /** As {@link EventJson} has it, up to the text: by hand, since most events are pieces of text. */
    private static byte[] piece(LoggedEvent event, RunId run, long runSeq, RunEvent.TextAppended piece) {
        return Json.utf8("{\"seq\":" + event.seq() + ",\"turn\":" + event.turn() + ",\"at\":\"" + event.at()
                + "\",\"run_id\":\"" + OpenAiIds.run(run) + "\",\"run_seq\":" + runSeq
                + ",\"output_index\":" + piece.outputIndex()
                + ",\"item_id\":\"" + OpenAiIds.message(piece.item()) + "\",\"text\":\"");
    }

    private static byte[] gap(String unit, Gap gap) {
        return Json.bytes(new GapJson(unit, gap.from(), gap.to()));
    }

    /** Which numbers are missing, both included, and what they count. */
    private record GapJson(String of, long from, long to) {}
}
