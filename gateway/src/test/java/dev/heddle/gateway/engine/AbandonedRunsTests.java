package dev.heddle.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class AbandonedRunsTests {
    private final List<RunKey> asked = new ArrayList<>();

    @Test
    void eachIsAskedOnceWhateverComesOfIt() {
        var answers = List.<Mono<StoredRun>>of(
                        Mono.error(new ProblemException(new Problem.RunNotFound(RunId.fresh()))),
                        Mono.error(new IllegalStateException("no database")),
                        Mono.empty())
                .iterator();
        var abandoned = abandoned(_ -> answers.next());
        var runs = Stream.generate(AbandonedRunsTests::run).limit(3).toList();

        runs.forEach(abandoned::stop);

        assertThat(asked).isEqualTo(runs);
    }

    @Test
    void soManyAreAskedAtOnceAndTheOthersAfterwards() {
        var answer = Sinks.<StoredRun>one();
        var abandoned = abandoned(_ -> answer.asMono());
        Stream.generate(AbandonedRunsTests::run).limit(100).forEach(abandoned::stop);
        assertThat(asked).hasSize(16);

        answer.tryEmitEmpty().orThrow();

        assertThat(asked).hasSize(100);
    }

    @Test
    void onceClosedNothingIsStoppedButWhatWasAbandonedBefore() {
        var answer = Sinks.<StoredRun>one();
        var abandoned = abandoned(_ -> answer.asMono());
        Stream.generate(AbandonedRunsTests::run).limit(20).forEach(abandoned::stop);

        abandoned.close();
        abandoned.stop(run());
        abandoned.close();
        answer.tryEmitEmpty().orThrow();

        assertThat(asked).hasSize(20);
    }

    private AbandonedRuns abandoned(Function<RunKey, Mono<StoredRun>> stop) {
        return new AbandonedRuns(run -> {
            asked.add(run);
            return stop.apply(run);
        });
    }

    private static RunKey run() {
        return new RunKey(new ThreadKey(TenantId.DEFAULT, ThreadId.fresh()), 1, RunId.fresh());
    }
}
