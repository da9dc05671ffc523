package dev.heddle.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.gateway.demo.Demo;
import dev.heddle.gateway.demo.DemoFailed;
import dev.heddle.gateway.demo.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Shows in a minute what Heddle does: three users ask on one thread at once. Starts all it needs,"
                + " on free ports, and stops it at the end.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final String BUILT_IN = "demo";
    private static final String ADDRESS = "127.0.0.1";
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--model",
            defaultValue = "",
            paramLabel = "NAME",
            description = "A model of the upstream server, or demo, the built-in one, which needs none. Default: the"
                    + " upstream server's, if it has just one; demo if there is no upstream server.")
    private String model = "";

    @Mixin
    private Upstream upstream = new Upstream();

    @Mixin
    private Home home = new Home();

    // From the environment only.
    @Option(names = "--terminal", defaultValue = "${env:TERM:-}", hidden = true)
    private String terminal = "";

    private volatile boolean interrupted;
    private volatile boolean played;

    @Override
    public Integer call() {
        var screen = new Screen(out(), Ansi.AUTO.enabled() && !terminal.equals("dumb"));
        var chosen = chosenModel();
        try (var instance = start(screen)) {
            return play(instance, chosen, screen);
        }
    }

    private String chosenModel() {
        if (model.isEmpty()) {
            return upstream.isGiven() ? upstream.server().onlyModel() : BUILT_IN;
        }
        if (!model.equals(BUILT_IN) && !upstream.isGiven()) {
            throw new DemoFailed("The model " + model + " needs a model server: say which with OPENAI_BASE_URL"
                    + " (and OPENAI_API_KEY), or leave --model out for the built-in one.");
        }
        return model;
    }

    private Instance start(Screen screen) {
        var database = DemoDatabase.start(home.directory().resolve("demo"), screen);
        screen.line("ready");
        screen.part("Starting the gateway … ");
        var instance = Instance.start(database, settings());
        screen.line("http://" + ADDRESS + ":" + instance.port());
        return instance;
    }

    /** Everything that could make the demo another one is set here: it outranks the environment. */
    private Map<String, Object> settings() {
        var settings = new HashMap<String, Object>(upstream.settings());
        settings.put("server.address", ADDRESS);
        settings.put("server.port", 0);
        settings.put("heddle.compat", "open");
        settings.put("heddle.http.api-keys", "");
        settings.put("heddle.threads.max-running-runs", 16);
        settings.put("logging.level.root", "error");
        settings.put("logging.level.dev.heddle", "error");
        return settings;
    }

    private int play(Instance instance, String chosen, Screen screen) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(instance, screen)));
        try {
            boolean proved = Demo.play(URI.create("http://" + ADDRESS + ":" + instance.port()), chosen, screen);
            return proved ? 0 : 1;
        } catch (DemoFailed failed) {
            if (interrupted) {
                return INTERRUPTED; // The gateway went away because it was told to.
            }
            throw failed;
        } finally {
            played = true;
        }
    }

    private void stop(Instance instance, Screen screen) {
        if (!played) {
            interrupted = true;
            screen.end("Stopping the gateway and PostgreSQL …");
        }
        instance.close();
    }

    /** What a terminal without a language is told to print would be question marks. */
    private static PrintStream out() {
        return System.out.charset().newEncoder().canEncode('│')
                ? System.out
                : new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    }
}
