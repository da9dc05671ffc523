package dev.heddle.gateway.cli;

import dev.heddle.gateway.http.Compat;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "serve", description = "Runs the gateway until it is told to stop.", mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
    @Option(
            names = "--host",
            defaultValue = "${env:HOST:-127.0.0.1}",
            description =
                    "Address to listen on; default: ${DEFAULT-VALUE}. Others than loopback need API keys. (env HOST)")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "${env:PORT:-8080}",
            description = "Port to listen on, 0 for a free one; default: ${DEFAULT-VALUE}. (env PORT)")
    private int port = 8080;

    @Option(
            names = "--compat",
            description = "open (default): several runs a thread. strict: each protocol's own locks and texts.")
    private @Nullable Compat compat;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Any other setting, as heddle.threads.max-running-runs=50; may be repeated.")
    private Map<String, String> settings = new HashMap<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Storage storage = new Storage();

    @Mixin
    private Upstream upstream = new Upstream();

    @Override
    public void run() {
        refuseSecondDatabase();
        var stopped = new CountDownLatch(1);
        var instance = Instance.start(storage.open(), all());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            instance.close();
            stopped.countDown();
        }));
        System.out.printf("Heddle listens on http://%s:%d%n", host, instance.port());
        System.out.flush();
        await(stopped);
    }

    private void refuseSecondDatabase() {
        if (settings.containsKey("heddle.database.url")) {
            throw new ParameterException(
                    spec.commandLine(), "The database is given by --database-url or DATABASE_URL, not by --set.");
        }
    }

    private Map<String, Object> all() {
        var all = new HashMap<String, Object>(upstream.settings());
        all.put("server.address", host);
        all.put("server.port", port);
        if (compat != null) {
            all.put("heddle.compat", compat);
        }
        all.putAll(settings);
        return all;
    }

    private static void await(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
