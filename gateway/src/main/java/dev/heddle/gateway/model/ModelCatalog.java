package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.ModelEvent;
import java.util.Map;
import reactor.core.publisher.Flux;

/** Sends each call to the model that has its name, and those that name no model of ours to the upstream server. */
public final class ModelCatalog implements ModelClient {
    /** The name of the built-in model. */
    public static final String DEMO = "demo";

    private final Map<String, ModelClient> named;
    private final ModelClient others;

    private ModelCatalog(Map<String, ModelClient> named, ModelClient others) {
        this.named = Map.copyOf(named);
        this.others = others;
    }

    /** Every name but {@code demo} goes to {@code upstream}. */
    public static ModelCatalog of(DemoModel demo, ModelClient upstream) {
        return new ModelCatalog(Map.of(DEMO, demo), upstream);
    }

    /** Calls to any model but {@code demo} fail, with words that say what to configure. */
    public static ModelCatalog withoutUpstream(DemoModel demo) {
        return new ModelCatalog(Map.of(DEMO, demo), new NoUpstream());
    }

    @Override
    public Flux<ModelEvent> events(ModelCall call) {
        return clientOf(call.model()).events(call);
    }

    @Override
    public boolean mayServe(String model) {
        return clientOf(model).mayServe(model);
    }

    private ModelClient clientOf(String model) {
        return named.getOrDefault(model, others);
    }

    private static final class NoUpstream implements ModelClient {
        @Override
        public Flux<ModelEvent> events(ModelCall call) {
            return Flux.error(() -> Failures.noUpstream(call.model()));
        }

        @Override
        public boolean mayServe(String model) {
            return false;
        }
    }
}
