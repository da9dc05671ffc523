package dev.heddle.streaming.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTests {
    @Test
    void aCursorIsReadAsItIsWritten() {
        for (Cursor cursor :
                new Cursor[] {Cursor.START, new Cursor(1, 0), new Cursor(Long.MAX_VALUE, Long.MAX_VALUE)}) {
            assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        }
        assertThat(Cursor.parse("12:34")).isEqualTo(new Cursor(12, 34));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "1", "1:", ":1", "1:2:3", "a:1", "1:b", " 1:2", "1: 2", "1:9223372036854775808", "1.5:2"
            })
    void whatIsNoCursorIsRefused(String text) {
        assertThatThrownBy(() -> Cursor.parse(text)).isInstanceOf(NumberFormatException.class);
    }
}
