package dev.heddle.gateway.tool;

import dev.heddle.gateway.engine.ToolRunner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The tools that the operator has registered, by name. Owns their connections. */
public final class ToolCatalog implements ToolRunner, Disposable {
    private final Map<String, HttpTool> tools;

    private ToolCatalog(Map<String, HttpTool> tools) {
        this.tools = Map.copyOf(tools);
    }

    /**
     * {@code timer} keeps the time of timeouts and of pauses between attempts.
     *
     * @throws IllegalArgumentException when two have the same name
     */
    public static ToolCatalog of(List<HttpToolSettings> registered, Scheduler timer) {
        var tools = new HashMap<String, HttpTool>();
        for (HttpToolSettings settings : registered) {
            if (tools.put(settings.name(), new HttpTool(settings, timer)) != null) {
                throw new IllegalArgumentException("Two tools are named " + settings.name() + ".");
            }
        }
        return new ToolCatalog(tools);
    }

    @Override
    public Optional<ServerTool> find(String name) {
        return Optional.ofNullable(tools.get(name)).map(HttpTool::described);
    }

    @Override
    public Mono<String> output(Call call) {
        @Nullable HttpTool tool = tools.get(call.tool());
        return tool == null
                ? Mono.error(() -> new IllegalArgumentException("No tool is named " + call.tool()))
                : tool.output(call);
    }

    /** Closes all connections; calls under way end. */
    @Override
    public void dispose() {
        tools.values().forEach(HttpTool::dispose);
    }
}
