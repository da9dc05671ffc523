package dev.heddle.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import org.assertj.core.api.InstanceOfAssertFactories;
import reactor.core.publisher.Mono;

/** What a publisher is refused with. */
final class Problems {
    private Problems() {}

    static void assertProblem(Mono<?> refused, Problem problem) {
        assertThatThrownBy(refused::block)
                .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
                .extracting(ProblemException::problem)
                .isEqualTo(problem);
    }
}
