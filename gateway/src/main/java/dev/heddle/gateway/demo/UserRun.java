package dev.heddle.gateway.demo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/** One user's run, read on a thread and a connection of its own. */
final class UserRun {
    /** The permits that the end of a run gives: more than its words can. */
    static final int ALL = 100_000_000;

    private final User user;
    private final Semaphore words;
    private final CompletableFuture<String> id = new CompletableFuture<>();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private String failure = "The stream ended before the run did.";

    private UserRun(User user, Semaphore words) {
        this.user = user;
        this.words = words;
    }

    /** Asks at once; {@code words} gets a permit for every piece of the answer, and many at its end. */
    static UserRun start(Api api, String thread, String assistant, User user, Semaphore words) {
        var run = new UserRun(user, words);
        Thread.ofVirtual().start(() -> run.read(api, thread, assistant));
        return run;
    }

    User user() {
        return user;
    }

    /** Waits until the run is admitted. */
    String id() {
        return waitFor(id);
    }

    /** Waits until the run has ended. */
    Answer answer() {
        return waitFor(answer);
    }

    private void read(Api api, String thread, String assistant) {
        try (var stream = api.run(thread, assistant, user.question())) {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                see(event.get());
            }
            answer.complete(new Answer(user, namedRun(), text.toString(), failure));
        } catch (RuntimeException e) {
            id.completeExceptionally(e);
            answer.completeExceptionally(e);
        } finally {
            words.release(ALL);
        }
    }

    private String namedRun() {
        if (!id.isDone()) {
            throw new DemoFailed("The stream for " + user.name() + " ended before it named its run.");
        }
        return id.join();
    }

    private void see(SseEvent event) {
        switch (event.name()) {
            case "thread.run.created" ->
                id.complete(Api.json(event.data()).path("id").stringValue(""));
            case "thread.message.delta" -> append(Api.json(event.data()).path("delta"));
            case "thread.run.completed", "thread.run.incomplete" -> failure = "";
            case "thread.run.failed" -> failure = message(Api.json(event.data()).path("last_error"));
            case "thread.run.cancelled" -> failure = "The run was cancelled.";
            case "thread.run.expired" -> failure = "The run took too long.";
            case "error" -> failure = message(Api.json(event.data()));
            default -> {}
        }
    }

    private void append(JsonNode delta) {
        delta.path("content")
                .forEach(part -> text.append(part.path("text").path("value").stringValue("")));
        words.release();
    }

    private static String message(JsonNode error) {
        return error.path("message").stringValue("No reason was given.");
    }

    private static <T> T waitFor(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof DemoFailed failed ? failed : e;
        }
    }
}
