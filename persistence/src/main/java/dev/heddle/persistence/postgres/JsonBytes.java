package dev.heddle.persistence.postgres;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** JSON that is written piece by piece into bytes that grow: without a generator, for what is written most. */
final class JsonBytes {
    private byte[] bytes;
    private int size;

    /** Holds so many bytes without growing. */
    JsonBytes(int firstSize) {
        bytes = new byte[firstSize];
    }

    int size() {
        return size;
    }

    /** Text of ASCII characters as it stands: names, numbers, punctuation. */
    @SuppressWarnings("deprecation") // ASCII is what it is good for, and it copies without a buffer between.
    JsonBytes ascii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
        return this;
    }

    /** The text as a JSON string (RFC 8259 §7); half a character stays one, as an escape. */
    JsonBytes string(String text) {
        if (isPlain(text)) {
            return ascii("\"").ascii(text).ascii("\"");
        }
        ascii("\"");
        for (int i = 0; i < text.length(); i++) {
            i += character(text, i) - 1;
        }
        return ascii("\"");
    }

    JsonBytes add(byte[] json) {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
        return this;
    }

    void writeTo(ByteBuf buffer) {
        buffer.writeBytes(bytes, 0, size);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Writes the character that begins there; returns of how many chars it is. */
    private int character(String text, int at) {
        char c = text.charAt(at);
        if (c == '"' || c == '\\') {
            one('\\').one(c);
        } else if (c < ' ') {
            escape(c);
        } else if (c < 0x80) {
            one(c);
        } else if (c < 0x800) {
            one(0xC0 | (c >> 6)).one(tail(c));
        } else if (!Character.isSurrogate(c)) {
            one(0xE0 | (c >> 12)).one(tail(c >> 6)).one(tail(c));
        } else if (isPair(text, at)) {
            pair(Character.toCodePoint(c, text.charAt(at + 1)));
            return 2;
        } else {
            escape(c);
        }
        return 1;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private void pair(int c) {
        one(0xF0 | (c >> 18)).one(tail(c >> 12)).one(tail(c >> 6)).one(tail(c));
    }

    /** The lowest six bits, as a byte that goes on with a character (RFC 3629 §3). */
    private static int tail(int bits) {
        return 0x80 | (bits & 0x3F);
    }

    private void escape(char c) {
        ascii("\\u").ascii(HexFormat.of().toHexDigits(c));
    }

    private JsonBytes one(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
