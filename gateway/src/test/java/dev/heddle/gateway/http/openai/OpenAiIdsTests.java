package dev.heddle.gateway.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.ThreadId;
import java.math.BigInteger;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiIdsTests {
    @Test
    void anIdIsItsUuidInBase62() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var id = new UUID(random.nextLong(), random.nextLong());
            var spelt = Base62.encode(id);

            assertThat(spelt).isEqualTo(slowly(id));
            assertThat(Base62.decode(spelt)).contains(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "80000000-0000-0000-8000-000000000000",
                "00000000-0000-0000-ffff-ffffffffffff",
                "00000000-0000-0001-0000-000000000000",
            })
    void theEdgesComeBackAsTheyWere(String text) {
        var id = UUID.fromString(text);

        assertThat(Base62.encode(id)).isEqualTo(slowly(id)).hasSize(24);
        assertThat(Base62.decode(Base62.encode(id))).contains(id);
    }

    @Test
    void idsOfOneKindSortAsTheyWereMade() {
        var earlier = OpenAiIds.thread(new ThreadId(UUID.fromString("019b7c5a-0000-7000-8000-000000000000")));
        var later = OpenAiIds.thread(new ThreadId(UUID.fromString("019b7c5a-0001-7000-8000-000000000000")));

        assertThat(earlier).isLessThan(later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"undefined", "", "Thread_000000000000000000000000", "run_000000000000000000000000", "thr"})
    void aWrongPrefixIsMalformed(String text) {
        assertThat(problemOf(text))
                .isEqualTo(new Problem.InvalidRequest(
                        "invalid_value",
                        "thread_id",
                        "Invalid 'thread_id': '" + text + "'. Expected an ID that begins with 'thread'."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thread",
                "thread_",
                "thread_abc",
                "thread_00000000000000000000000",
                "thread_0000000000000000000000000",
                "thread_00000000000000000000000-",
                "thread-000000000000000000000000",
                "thread_zzzzzzzzzzzzzzzzzzzzzzzz",
                "thread_007n42DGM5Tflk9n8mt7Fhc8",
                "thread_00000000000000000000000\u0661",
            })
    void theRightPrefixWithAnIdOfNothingIsUnknown(String text) {
        assertThat(problemOf(text)).isEqualTo(new Problem.UnknownId("thread", text));
    }

    private static Problem problemOf(String text) {
        var thrown = new java.util.concurrent.atomic.AtomicReference<Problem>();
        assertThatThrownBy(() -> OpenAiIds.thread("thread_id", text))
                .isInstanceOfSatisfying(ProblemException.class, error -> thrown.set(error.problem()));
        return thrown.get();
    }

    /** The same by the library's big numbers. */
    private static String slowly(UUID id) {
        var number = new BigInteger(
                1,
                java.nio.ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
        var digits = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            digits.append("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    .charAt(number.mod(BigInteger.valueOf(62)).intValue()));
            number = number.divide(BigInteger.valueOf(62));
        }
        return digits.reverse().toString();
    }
}
