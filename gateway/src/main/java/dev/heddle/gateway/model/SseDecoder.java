package dev.heddle.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.Arrays;

/**
 * Finds the data of server-sent events (WHATWG HTML, 9.2.6) in bytes that may be cut anywhere. Other fields and comments
 * are passed over; an event that is not closed by an empty line is never reported. For one thread at a time.
 */
final class SseDecoder {
    /** Is told the data of every event, in order. */
    interface DataReader {
        /** Reads {@code bytes[0..length)}, which are the decoder's again once this returns. */
        void data(byte[] bytes, int length);
    }

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int maxEventBytes;
    private final DataReader reader;

    /** The event's data lines so far, each with a line feed; then, from {@code dataEnd}, the line being read. */
    private byte[] buffer = new byte[512];

    private int dataEnd;
    private int lineEnd;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;

    SseDecoder(int maxEventBytes, DataReader reader) {
        this.maxEventBytes = maxEventBytes;
        this.reader = reader;
    }

    /** Reads all of {@code bytes} and releases nothing; fails at an event that is too long. */
    void decode(ByteBuf bytes) {
        while (bytes.isReadable()) {
            skipLineFeedOfPair(bytes);
            int lineBreak = bytes.forEachByte(ByteProcessor.FIND_CRLF);
            keep(bytes, (lineBreak < 0 ? bytes.writerIndex() : lineBreak) - bytes.readerIndex());
            if (lineBreak >= 0) {
                afterCarriageReturn = bytes.readByte() == '\r';
                endLine();
            }
        }
    }

    private void skipLineFeedOfPair(ByteBuf bytes) {
        if (afterCarriageReturn && bytes.getByte(bytes.readerIndex()) == '\n') {
            bytes.skipBytes(1);
        }
        afterCarriageReturn = false;
    }

    private void keep(ByteBuf bytes, int length) {
        if (length > maxEventBytes - lineEnd) {
            throw Failures.serverError("The model's server sent an event of more than " + maxEventBytes + " bytes.");
        }
        if (lineEnd + length >= buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, lineEnd + length + 1));
        }
        bytes.readBytes(buffer, lineEnd, length);
        lineEnd += length;
    }

    private void endLine() {
        int start = firstLine && startsWith(BYTE_ORDER_MARK, dataEnd) ? dataEnd + BYTE_ORDER_MARK.length : dataEnd;
        firstLine = false;
        if (start == lineEnd) {
            endEvent();
        } else if (isData(start)) {
            keepValue(start + DATA.length);
        }
        lineEnd = dataEnd;
    }

    private void endEvent() {
        if (dataEnd > 0) {
            int length = dataEnd - 1;
            dataEnd = 0;
            reader.data(buffer, length);
        }
    }

    private boolean isData(int start) {
        int end = start + DATA.length;
        return startsWith(DATA, start) && (end == lineEnd || buffer[end] == ':');
    }

    /** Moves what stands behind the colon, less one space, to the end of the event's data. */
    private void keepValue(int colon) {
        int start = Math.min(colon + 1, lineEnd);
        if (start < lineEnd && buffer[start] == ' ') {
            start++;
        }
        System.arraycopy(buffer, start, buffer, dataEnd, lineEnd - start);
        dataEnd += lineEnd - start;
        buffer[dataEnd++] = '\n';
    }

    private boolean startsWith(byte[] prefix, int start) {
        int end = start + prefix.length;
        return end <= lineEnd && Arrays.equals(buffer, start, end, prefix, 0, prefix.length);
    }
}
