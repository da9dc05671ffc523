package dev.heddle.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.streaming.run.ModelOptions;
import dev.heddle.streaming.run.ToolUse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ModelCatalogTests {
    private static final ModelEvent FROM_UPSTREAM = new ModelEvent.Text("upstream");

    private final DemoModel demo = new DemoModel(Schedulers.parallel(), Duration.ZERO);
    private final ModelClient upstream = _ -> Flux.just(FROM_UPSTREAM);

    @Test
    void demoIsAnsweredHereAndAnyOtherNameUpstream() {
        var catalog = ModelCatalog.of(demo, upstream);

        StepVerifier.create(catalog.events(call("demo")))
                .expectNext(new ModelEvent.Text("You"))
                .thenCancel()
                .verify();
        StepVerifier.create(catalog.events(call("gpt-x")))
                .expectNext(FROM_UPSTREAM)
                .verifyComplete();
    }

    @Test
    void withoutUpstreamTheFailureSaysWhatToConfigure() {
        StepVerifier.create(ModelCatalog.withoutUpstream(demo).events(call("gpt-x")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContainingAll("ModelFailed", "\"gpt-x\"", "OPENAI_BASE_URL", "demo"));
    }

    @Test
    void onlyAnUpstreamMayServeWhatIsNotBuiltIn() {
        assertThat(ModelCatalog.of(demo, upstream).mayServe("gpt-x")).isTrue();
        assertThat(ModelCatalog.withoutUpstream(demo).mayServe("gpt-x")).isFalse();
        assertThat(ModelCatalog.withoutUpstream(demo).mayServe("demo")).isTrue();
    }

    private static ModelCall call(String model) {
        return new ModelCall(model, "", List.of(), ModelOptions.DEFAULTS, ToolUse.NONE);
    }
}
