package dev.heddle.bench.load;

/**
 * What was seen of one answer: nanoseconds from the request to its first byte, its first chunk of text and its end, on the
 * clock of this process; its chunks and events; the first chunk's age when it was read.
 */
public record Answer(
        int status,
        long firstByteNanos,
        long firstChunkNanos,
        long endNanos,
        long firstChunkAgeMicros,
        int chunks,
        int events) {
    public boolean isOk() {
        return status == 200;
    }
}
