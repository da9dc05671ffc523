package dev.heddle.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;

/** What is said on a WebSocket: texts, and a last word that closes it (RFC 6455 §5.6, §5.5.1). */
public sealed interface SocketFrame {
    /** A text that this socket alone is told. */
    static SocketFrame text(byte[] json) {
        return new Text(Unpooled.wrappedBuffer(json));
    }

    /** The data of an event, in the bytes that all its readers share. */
    static SocketFrame data(SseFrame event) {
        return new Text(event.data(0));
    }

    /** The data of an event, a JSON object with members, behind further members: {@code members} ends with a comma. */
    static SocketFrame data(byte[] members, SseFrame event) {
        return new Text(Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(members), event.data(1)));
    }

    /** Ends the socket; nothing is said behind it. The reason, of 123 bytes at most, is seen by whoever holds the socket. */
    static SocketFrame close(int code, String reason) {
        return new Close(code, reason);
    }

    /** A text, written whole; wraps memory that nobody has to give back. */
    final class Text implements SocketFrame {
        private final ByteBuf utf8;

        private Text(ByteBuf utf8) {
            this.utf8 = utf8;
        }

        ByteBuf utf8() {
            return utf8;
        }

        @Override
        public String toString() {
            return utf8.toString(StandardCharsets.UTF_8);
        }
    }

    record Close(int code, String reason) implements SocketFrame {
        /** Everything was said. */
        static final Close DONE = new Close(1000, "");

        /** This instance stops; another one, or the next, goes on. */
        static final Close LEAVING = new Close(1001, "This server stops. Connect again.");

        static final Close NOT_TEXT = new Close(1003, "Only text frames are read here.");
        static final Close TOO_LARGE = new Close(1009, "The message is larger than this server reads.");
        static final Close BROKEN = new Close(1011, "The server had an error.");

        /** Pings went unanswered. */
        static final Close SILENT = new Close(4008, "No answer to pings.");

        WebSocketFrame frame() {
            return new CloseWebSocketFrame(code, reason);
        }
    }
}
