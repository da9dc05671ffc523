package dev.heddle.gateway.server;

import dev.heddle.gateway.tool.HttpToolSettings;
import dev.heddle.gateway.tool.SecretHeader;
import dev.heddle.gateway.tool.ToolCatalog;
import dev.heddle.gateway.tool.ToolUrl;
import dev.heddle.streaming.run.FunctionTool;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Schedulers;

/** Wires the tools that this server calls itself. */
@Configuration(proxyBeanMethods = false)
class ToolConfiguration {
    /** @throws StartRefused when a tool is not registered as it has to be */
    @Bean(destroyMethod = "dispose")
    ToolCatalog tools(ServerSettings settings) {
        var registered = registered(settings.tools());
        return orRefused("heddle.tools", () -> ToolCatalog.of(registered, Schedulers.parallel()));
    }

    private static List<HttpToolSettings> registered(List<ServerSettings.Tool> tools) {
        return IntStream.range(0, tools.size())
                .mapToObj(i -> orRefused("heddle.tools[" + i + "]", () -> settingsOf(tools.get(i))))
                .toList();
    }

    private static <T> T orRefused(String setting, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw new StartRefused(setting + ": " + wrong.getMessage());
        }
    }

    private static HttpToolSettings settingsOf(ServerSettings.Tool tool) {
        return new HttpToolSettings(
                new FunctionTool(tool.name(), orNull(tool.description()), orNull(tool.parameters()), null),
                ToolUrl.of(tool.url()),
                tool.secretHeader().isBlank() ? Optional.empty() : Optional.of(SecretHeader.of(tool.secretHeader())),
                tool.idempotent(),
                new HttpToolSettings.Limits(tool.timeout(), bytes(tool.maxOutput())));
    }

    private static @Nullable String orNull(String text) {
        return text.isBlank() ? null : text;
    }

    private static int bytes(DataSize size) {
        return Math.clamp(size.toBytes(), 0, Integer.MAX_VALUE);
    }
}
