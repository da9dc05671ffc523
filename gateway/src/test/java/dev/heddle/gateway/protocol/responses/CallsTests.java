package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.CallPairs;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which calls and outputs may follow one another. */
class CallsTests {
    private static final CallId A = new CallId("call_a");
    private static final CallPairs A_WAITS = new CallPairs(Set.of(A), List.of(A));
    private static final CallPairs A_ANSWERED = new CallPairs(Set.of(A), List.of());

    @Test
    void outputsStandBehindTheirCallsInWhateverOrder() {
        assertThatCode(() -> {
                    Calls.check(CallPairs.NONE, List.of());
                    Calls.check(CallPairs.NONE, List.of(Item.Message.of(Role.USER, "Hi"), new Item.Reasoning("Hm.")));
                    Calls.check(CallPairs.NONE, List.of(call("a"), call("b"), output("b"), output("a")));
                    Calls.check(A_WAITS, List.of(Item.Message.of(Role.USER, "Hi"), output("a")));
                    Calls.check(A_WAITS, List.of(call("b"), output("a"), output("b")));
                    Calls.check(A_ANSWERED, List.of(Item.Message.of(Role.USER, "Hi")));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aCallWithoutAnOutputIsRefusedBeItOfTheContextOrOfTheInput() {
        assertRefused("No tool output found for function call call_a.", () -> Calls.check(A_WAITS, List.of()));
        assertRefused(
                "No tool output found for function call call_b.",
                () -> Calls.check(CallPairs.NONE, List.of(call("a"), output("a"), call("b"), call("c"))));
        assertRefused("No tool output found for function call call_a.", () -> Calls.check(A_WAITS, List.of(call("b"))));
    }

    @Test
    void anOutputOfNoCallIsRefusedAndOneInFrontOfItsCallToo() {
        String message = "No tool call found for function call output with call_id call_a.";
        assertRefused(message, () -> Calls.check(CallPairs.NONE, List.of(output("a"))));
        assertRefused(message, () -> Calls.check(CallPairs.NONE, List.of(output("a"), call("a"))));
        assertRefused(message, () -> Calls.checkOutputs(CallPairs.NONE, List.of(output("a"))));
    }

    @Test
    void aSecondOutputOfACallIsRefused() {
        String message = "Duplicate tool output: the function call call_a has one already.";
        assertRefused(message, () -> Calls.check(A_WAITS, List.of(output("a"), output("a"))));
        assertRefused(message, () -> Calls.check(A_ANSWERED, List.of(output("a"))));
        assertRefused(message, () -> Calls.checkOutputs(A_ANSWERED, List.of(output("a"))));
    }

    @Test
    void aSecondCallOfTheSameIdIsRefused() {
        String message = "Duplicate tool call: there is one with call_id call_a already.";
        assertRefused(message, () -> Calls.check(CallPairs.NONE, List.of(call("a"), output("a"), call("a"))));
        assertRefused(message, () -> Calls.check(A_ANSWERED, List.of(call("a"), output("a"))));
        assertRefused(message, () -> Calls.checkOutputs(A_WAITS, List.of(call("a"))));
    }

    @Test
    void whatIsAddedByHandMayLeaveCallsWithoutOutputs() {
        assertThatCode(() -> {
                    Calls.checkOutputs(CallPairs.NONE, List.of(call("a")));
                    Calls.checkOutputs(A_WAITS, List.of(Item.Message.of(Role.USER, "Hi")));
                    Calls.checkOutputs(A_WAITS, List.of(output("a"), call("b")));
                })
                .doesNotThrowAnyException();
    }

    private static Item call(String name) {
        return new Item.FunctionCall(new CallId("call_" + name), "weather", "{}");
    }

    private static Item output(String name) {
        return new Item.FunctionCallOutput(new CallId("call_" + name), "rain");
    }

    private static void assertRefused(String message, ThrowingCallable check) {
        assertThatThrownBy(check)
                .isInstanceOf(ProblemException.class)
                .extracting(error -> ((ProblemException) error).problem())
                .isEqualTo(new Problem.InvalidRequest("", "input", message));
    }
}
