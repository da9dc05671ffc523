package dev.heddle.gateway.engine;

import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.FunctionTool;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The tools that this server calls itself. A run that offers a tool of such a name never waits for its client to. */
public interface ToolRunner {
    /** No tools at all: every call is the client's. */
    ToolRunner NONE = new ToolRunner() {
        @Override
        public Optional<ServerTool> find(String name) {
            return Optional.empty();
        }

        @Override
        public Mono<String> output(Call call) {
            return Mono.error(() -> new IllegalArgumentException("No tool is named " + call.tool()));
        }
    };

    Optional<ServerTool> find(String name);

    /**
     * Makes the call and tells what came of it, for the model to read; a tool that fails, or is too slow, has an output
     * that says so. Makes a call twice only where the tool is idempotent. Cancelling gives the call up.
     */
    Mono<String> output(Call call);

    /** The id goes along as {@code Idempotency-Key}: whoever repeats a call repeats it under the same one. */
    record Call(CallId id, String tool, String arguments) {}

    /**
     * A tool of this server.
     *
     * @param definition what a model is told of it, where a run names it without saying more
     * @param idempotent whether a call whose outcome is unknown may be made again
     */
    record ServerTool(FunctionTool definition, boolean idempotent) {}
}
