package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.RunSpec;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.FunctionTool;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.ToolChoice;
import dev.heddle.streaming.run.ToolUse;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A token is a word here; each message costs four more. */
class InputTokensTests {
    private static final FunctionTool TIME = new FunctionTool("time", null, null, null);
    private static final FunctionTool WEATHER = new FunctionTool("weather", "Tells the weather", "{}", null);

    private final EngineRig rig = new EngineRig(RunSpec.of(null, "any", "", ModelOptions.DEFAULTS));
    private final InputTokens tokens = new InputTokens(rig.parts());

    @Test
    void instructionsAndMessagesCount() {
        var input = List.<Item>of(Item.Message.of(Role.USER, "And now?"));

        assertThat(count("Be kind.", ToolUse.NONE, input)).isEqualTo(2 + (4 + 4) + (4 + 2));
    }

    @Test
    void toolsCountAsTheModelIsToldOfThem() {
        rig.tools.put("time", Mono.just("noon"));

        assertThat(count("", offering(ToolChoice.AUTO), List.of())).isEqualTo((4 + 4) + (1 + 3 + 1) + (1 + 3 + 1));
        assertThat(count("", offering(new ToolChoice.Allowed(List.of("weather"), false)), List.of()))
                .isEqualTo((4 + 4) + (1 + 3 + 1));
    }

    @Test
    void callsCountWithTheOutputsThatAreShown() {
        var call = new Item.FunctionCall(new CallId("call_1"), "weather", "{}");
        var input = List.<Item>of(
                call, new Item.FunctionCallOutput(call.call(), "sunny and warm"), new Item.Reasoning("Hm"));

        assertThat(count("", ToolUse.NONE, input)).isEqualTo((4 + 4) + (4 + 2) + (4 + 3));
    }

    private long count(String instructions, ToolUse toolUse, List<Item> input) {
        return tokens.count("m", instructions, toolUse, rig.stored, input).block();
    }

    private static ToolUse offering(ToolChoice choice) {
        return new ToolUse(List.of(TIME, WEATHER), choice, true);
    }
}
