package dev.heddle.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScriptTests {
    @Test
    void aScriptIsFoundAgainInARequestThatNamesItsModel() {
        var script = new Script(20, 50, 4);

        assertThat(Script.in("{\"model\":\"" + script.model() + "\",\"stream\":true}"))
                .isEqualTo(script);
    }

    @Test
    void burstsComeAsOftenAsThePaceAsks() {
        assertThat(new Script(20, 50, 4).nanosBetweenBursts()).isEqualTo(80_000_000);
    }

    @Test
    void aRequestForAnotherModelIsNotAnswered() {
        assertThatThrownBy(() -> Script.in("{\"model\":\"demo\"}")).isInstanceOf(IllegalArgumentException.class);
    }
}
