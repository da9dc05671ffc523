package dev.heddle.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FigureTests {
    @Test
    void theMedianIsTheMiddleSampleInWhateverOrderTheyCame() {
        assertThat(figure(Goal.NONE, 9, 1, 4).median()).isEqualTo(4);
        assertThat(figure(Goal.NONE, 9, 1, 4, 6).median()).isEqualTo(5);
        assertThat(figure(Goal.NONE, 7).median()).isEqualTo(7);
    }

    @Test
    void leastAndGreatestAreThoseOfAllSamples() {
        var figure = figure(Goal.NONE, 9, 1, 4);

        assertThat(figure.min()).isEqualTo(1);
        assertThat(figure.max()).isEqualTo(9);
    }

    @Test
    void aGoalIsAboutTheMedianAndItsLimitMeetsIt() {
        assertThat(figure(Goal.atMost(4), 1, 4, 9).isMet()).isTrue();
        assertThat(figure(Goal.atMost(3.9), 1, 4, 9).isMet()).isFalse();
        assertThat(figure(Goal.atLeast(4), 1, 4, 9).isMet()).isTrue();
        assertThat(figure(Goal.atLeast(4.1), 1, 4, 9).isMet()).isFalse();
        assertThat(figure(Goal.NONE, 1, 4, 9).isMet()).isTrue();
    }

    @Test
    void whatWasNotMeasuredOrIsNoNumberIsNoFigure() {
        assertThatThrownBy(() -> figure(Goal.NONE)).hasMessageContaining("was not measured");
        assertThatThrownBy(() -> figure(Goal.atMost(1), Double.NaN)).hasMessageContaining("no number");
        assertThatThrownBy(() -> figure(Goal.atMost(1), 1 / 0.0)).hasMessageContaining("no number");
    }

    private static Figure figure(Goal goal, double... samples) {
        return new Figure(
                "tokens", "CPU", "µs", goal, Arrays.stream(samples).boxed().toList());
    }
}
