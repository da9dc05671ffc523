package dev.heddle.gateway.http;

import java.util.UUID;

/**
 * What makes a frame: two frames of one key have the same bytes.
 *
 * @param format the form in which it is told, one of this instance's
 * @param of the run or thread whose event it tells
 * @param event the event's number there
 * @param part which of the event's frames it is
 * @param variant what the frame shows beside its events, compared by {@code equals}
 */
public record FrameKey(String format, UUID of, long event, int part, Object variant) {
    /** A frame that shows its event alone. */
    public static FrameKey of(String format, UUID of, long event) {
        return new FrameKey(format, of, event, 0, "");
    }
}
