package dev.heddle.gateway.server;

import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.ReactorNetty;

/** One running instance of the gateway. */
public final class Server implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts an instance and returns once it serves. Settings are given by their full names, {@code heddle.compat} or
     * {@code server.port}; they outrank the environment.
     *
     * @throws StartRefused when the settings do not make a safe instance
     */
    public static Server start(Map<String, Object> settings) {
        haveOneEventLoopACore();
        return new Server(new SpringApplicationBuilder(ServerConfiguration.class)
                .web(WebApplicationType.REACTIVE)
                .logStartupInfo(false)
                .registerShutdownHook(false) // Whoever started it closes it, before what it stands on.
                .run(arguments(settings)));
    }

    /** The port it listens on. */
    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Stops serving, then everything else; returns when nothing runs any more. */
    @Override
    public void close() {
        context.close();
    }

    /** Reactor Netty would make four at least. None of ours ever waits, so that more only take the cores from each other. */
    private static void haveOneEventLoopACore() {
        System.getProperties()
                .putIfAbsent(
                        ReactorNetty.IO_WORKER_COUNT,
                        String.valueOf(Runtime.getRuntime().availableProcessors()));
    }

    private static String[] arguments(Map<String, Object> settings) {
        return settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }
}
