package dev.heddle.gateway.demo;

import dev.heddle.gateway.demo.Screen.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The readers: one of each run's own stream, and one of the thread's, which is shown, and cut in the middle. */
final class Audience {
    private static final int EVENTS_BEFORE_CUT = 40;
    private static final int WORDS_MISSED = 12;

    private final Api api;
    private final Screen screen;

    Audience(Api api, Screen screen) {
        this.api = api;
        this.screen = screen;
    }

    /** Lets all users ask at once, and reads everything until the last run has ended. */
    Evidence watch(String thread, String assistant, List<User> users) {
        var words = new Semaphore(0);
        var runs = users.stream()
                .map(user -> UserRun.start(api, thread, assistant, user, words))
                .toList();
        var board = board(runs);
        var beforeCut = read(thread, "arrival", Optional.empty(), Audience::isMiddle, board::show);
        board.endRow();
        var last = Long.toString(beforeCut.getLast().seq());
        stayAway(last, words);
        long stillToEnd = runs.size() - ended(beforeCut);
        var afterCut = read(thread, "arrival", Optional.of(last), seen -> ended(seen) == stillToEnd, board::show);
        board.endRow();
        return new Evidence(
                beforeCut,
                afterCut,
                readAll(thread, "arrival", runs.size()),
                readAll(thread, "turn", runs.size()),
                runs.stream().map(UserRun::answer).toList(),
                api.messages(thread));
    }

    private Board board(List<UserRun> runs) {
        var board = new Board(
                screen,
                runs.stream().map(run -> run.user().name()).toList(),
                runs.stream().map(UserRun::id).toList());
        screen.line(screen.paint(Colour.TITLE, "What a reader of the thread sees, live (GET /v1/threads/{id}/events)"));
        screen.line("  Read it row by row, from left to right. Each row begins with the seq of its");
        screen.line("  first event, its number in the thread; each text with its number in its run,");
        screen.line("  and the index of its output item. A turn is a place in the transcript.");
        screen.line("");
        board.header();
        return board;
    }

    /** Returns when the runs have said more that nobody has read here, or when one has ended. */
    private void stayAway(String last, Semaphore words) {
        note("✂ The demo closes this connection behind event " + last + ". The runs go on.");
        words.acquireUninterruptibly(Math.min(words.availablePermits() + WORDS_MISSED, UserRun.ALL));
        note("↻ They did. A new connection asks for the rest, with Last-Event-ID: " + last + ".");
    }

    private void note(String text) {
        screen.line(screen.paint(Colour.TITLE, text));
    }

    private List<Event> readAll(String thread, String order, int runs) {
        return read(thread, order, Optional.empty(), seen -> ended(seen) == runs, _ -> {});
    }

    /** Reads behind an event until it was enough, then closes the connection. */
    private List<Event> read(
            String thread,
            String order,
            Optional<String> lastEventId,
            Predicate<List<Event>> enough,
            Consumer<Event> each) {
        var seen = new ArrayList<Event>();
        try (var stream = api.events(thread, order, lastEventId)) {
            while (!enough.test(seen)) {
                var event = stream.next().map(Event::of).orElseThrow(Audience::cutOff);
                seen.add(event);
                each.accept(event);
            }
        }
        return List.copyOf(seen);
    }

    /** Some events in; early enough that at least the end of another run is still to come. */
    private static boolean isMiddle(List<Event> seen) {
        return seen.size() >= EVENTS_BEFORE_CUT || ended(seen) > 0;
    }

    private static long ended(List<Event> seen) {
        return seen.stream().filter(Event::endsRun).count();
    }

    private static DemoFailed cutOff() {
        return new DemoFailed("The gateway ended the stream of the thread before its runs had ended.");
    }
}
