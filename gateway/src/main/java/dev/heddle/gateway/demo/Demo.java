package dev.heddle.gateway.demo;

import dev.heddle.gateway.demo.Screen.Colour;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Three users ask on one thread at the same time. Shows what a reader of the thread sees, and checks what was promised. */
public final class Demo {
    private static final List<User> USERS = List.of(
            new User("Ada", "How do I learn to juggle?"),
            new User("Ben", "What makes bread rise?"),
            new User("Chloe", "Why is the sea salty?"));
    private static final String INSTRUCTIONS = "Answer in one or two short sentences of plain text.";

    private final Api api;
    private final String model;
    private final Screen screen;

    private Demo(Api api, String model, Screen screen) {
        this.api = api;
        this.model = model;
        this.screen = screen;
    }

    /**
     * Plays the demo with a running gateway; answers whether every check held.
     *
     * @throws DemoFailed when it could not be played to its end
     */
    public static boolean play(URI server, String model, Screen screen) {
        try (var api = new Api(server)) {
            return new Demo(api, model, screen).play();
        }
    }

    private boolean play() {
        var assistant = api.createAssistant(model, INSTRUCTIONS);
        var thread = api.createThread();
        introduce();
        var seen = new Audience(api, screen).watch(thread, assistant, USERS);
        refuseFailures(seen.answers());
        screen.line("  The stream went over from one run to another " + seen.changes() + " times.");
        transcript(seen);
        return verdict(Checks.of(seen));
    }

    private void introduce() {
        screen.line("");
        title("Three users ask the model “" + model + "”, on one thread, at the same moment");
        for (int i = 0; i < USERS.size(); i++) {
            var name =
                    screen.paint(Colour.ofRun(i), "%-6s".formatted(USERS.get(i).name()));
            screen.line("  " + name + USERS.get(i).question());
        }
        screen.line("  Each sends question and run in one request, and is answered on that connection.");
        screen.line("");
    }

    /** A run that failed is well ordered too, but then there is nothing to look at. */
    private static void refuseFailures(List<Answer> answers) {
        var failures = answers.stream()
                .filter(answer -> !answer.failure().isEmpty() || answer.text().isBlank())
                .collect(Collectors.groupingBy(
                        Demo::failure,
                        Collectors.mapping(answer -> answer.user().name(), Collectors.joining(", "))));
        if (!failures.isEmpty()) {
            throw new DemoFailed(failures.entrySet().stream()
                    .map(failure -> "No answer for " + failure.getValue() + ": " + failure.getKey())
                    .collect(Collectors.joining(" ")));
        }
    }

    private static String failure(Answer answer) {
        return answer.failure().isEmpty() ? "The model said nothing." : answer.failure();
    }

    private void transcript(Evidence seen) {
        screen.line("");
        title("What is stored, in the order of the turns (GET …/messages?order=asc)");
        var names = seen.answers().stream()
                .collect(Collectors.toMap(
                        answer -> answer.user().question(),
                        answer -> answer.user().name()));
        seen.messages().forEach(message -> show(message, names));
        screen.line("");
    }

    private void show(Message message, Map<String, String> names) {
        boolean asks = message.role().equals("user");
        var name = asks ? names.getOrDefault(message.text(), "?") : "";
        var lines = Paragraph.lines(message.text(), Screen.WIDTH - 10);
        screen.line("  %-6s".formatted(name) + (asks ? "" : "  ") + lines.getFirst());
        lines.stream().skip(1).forEach(line -> screen.line(" ".repeat(10) + line));
    }

    private boolean verdict(List<Check> checks) {
        title("What this proved");
        checks.forEach(this::show);
        return checks.stream().allMatch(Check::holds);
    }

    private void show(Check check) {
        var mark = check.holds() ? screen.paint(Colour.GOOD, "ok     ") : screen.paint(Colour.BAD, "FAILED ");
        var lines = Paragraph.lines(check.claim(), Screen.WIDTH - 9);
        screen.line("  " + mark + lines.getFirst());
        lines.stream().skip(1).forEach(line -> screen.line(" ".repeat(9) + line));
        check.differences().forEach(difference -> screen.line(" ".repeat(9) + difference));
    }

    private void title(String text) {
        screen.line(screen.paint(Colour.TITLE, text));
    }
}
