package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Tells problems in the words of OpenAI's Assistants API. Never 409: its clients would repeat the request. */
final class AssistantsErrors {
    private AssistantsErrors() {}

    /** Answers with the problem of a handler that fails, be it at once or later. */
    static Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return Mono.defer(() -> next.handle(request)).onErrorResume(error -> answer(request, error));
    }

    /** A stream's first events are gone, so it cannot be told from the start, and nothing else would be exact. */
    static OpenAiError forgotten(RunKey run, Gap gap) {
        return OpenAiError.badRequest(
                "Events %d to %d of run %s are no longer kept. Retrieve the run and its messages instead."
                        .formatted(gap.from(), gap.to(), OpenAiIds.run(run.id())),
                "",
                "events_expired");
    }

    private static Mono<ServerResponse> answer(ServerRequest request, Throwable error) {
        return error instanceof ProblemException known
                ? Answers.error(request, render(known.problem()))
                : Answers.unexpected(request, error);
    }

    private static OpenAiError render(Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest p -> OpenAiError.badRequest(p.message(), p.param(), p.code());
            case Problem.RequestTooLarge p ->
                OpenAiError.tooLarge("The request's body is larger than " + p.maxBytes() + " bytes.");
            case Problem.UnknownId p -> notFound(p.kind(), p.id());
            case Problem.ThreadNotFound p -> notFound("thread", OpenAiIds.thread(p.thread()));
            case Problem.RunNotFound p -> notFound("run", OpenAiIds.run(p.run()));
            case Problem.ItemNotFound p -> notFound("message", OpenAiIds.message(p.item()));
            case Problem.AssistantNotFound p -> notFound("assistant", OpenAiIds.assistant(p.assistant()));
            case Problem.ThreadBusy p -> busy(p);
            case Problem.MessageWhileActive p -> busy(p);
            case Problem.QueueFull p -> queueFull(p);
            case Problem.NotStoppable p ->
                badRequest("Cannot cancel run with status '" + RunJson.status(p.status()) + "'.");
            case Problem.ModelFailed p ->
                new OpenAiError(500, "server_error", p.failure().message(), null, null);
        };
    }

    private static OpenAiError busy(Problem.ThreadBusy p) {
        return badRequest("Thread " + OpenAiIds.thread(p.thread()) + " already has an active run "
                + OpenAiIds.run(p.activeRun()) + ".");
    }

    private static OpenAiError busy(Problem.MessageWhileActive p) {
        return badRequest("Can't add messages to " + OpenAiIds.thread(p.thread()) + " while a run "
                + OpenAiIds.run(p.activeRun()) + " is active.");
    }

    private static OpenAiError queueFull(Problem.QueueFull p) {
        return OpenAiError.overload("Thread " + OpenAiIds.thread(p.thread()) + " has " + p.maxQueuedRuns()
                + " active runs, as many as may work or wait. Try again when one of them has ended.");
    }

    private static OpenAiError notFound(String kind, String id) {
        return OpenAiError.notFound("No " + kind + " found with id '" + id + "'.");
    }

    private static OpenAiError badRequest(String message) {
        return OpenAiError.badRequest(message, "", "");
    }
}
