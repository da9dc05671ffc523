package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunKey;
import java.util.List;
import java.util.stream.Collectors;
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
            case Problem.NotAwaitingOutputs p ->
                badRequest("Runs in status \"" + RunJson.status(p.status()) + "\" do not accept tool outputs.");
            case Problem.WrongOutputs p ->
                badRequest("Expected tool outputs for call_ids " + list(p.expected()) + ", got " + list(p.got()));
            case Problem.StillBusy p -> stillBusy(p);
            case Problem.NotQueued p -> notQueued(p);
            case Problem.RunNotFinal p ->
                badRequest("Run " + OpenAiIds.run(p.run()) + " has not ended: its status is '"
                        + RunJson.status(p.status()) + "'.");
            case Problem.ModelNotFound p -> notFound("model", p.model());
            case Problem.ItemInProgress p ->
                OpenAiError.badRequest(
                        "Can't delete message " + OpenAiIds.message(p.item()) + " while its run is writing it.",
                        "",
                        "message_in_progress");
            case Problem.KeyReused p -> keyReused(p);
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

    private static OpenAiError stillBusy(Problem.StillBusy p) {
        return OpenAiError.badRequest(
                        "Thread " + OpenAiIds.thread(p.thread()) + " still has active runs; nothing was stored.",
                        "",
                        "thread_busy")
                .with("active_runs", BusyRunJson.of(p.activeRuns()));
    }

    private static OpenAiError notQueued(Problem.NotQueued p) {
        return OpenAiError.badRequest(
                "Run " + OpenAiIds.run(p.run()) + " waits in no queue: its status is '" + RunJson.status(p.status())
                        + "'.",
                "",
                "run_not_queued");
    }

    private static OpenAiError keyReused(Problem.KeyReused p) {
        return OpenAiError.unprocessable(
                "The key '" + p.key() + "' was used before, for another request.",
                "Idempotency-Key",
                "idempotency_key_reused");
    }

    private static OpenAiError queueFull(Problem.QueueFull p) {
        return OpenAiError.overload("Thread " + OpenAiIds.thread(p.thread()) + " has " + p.maxQueuedRuns()
                + " active runs, as many as may work or wait. Try again when one of them has ended.");
    }

    private static OpenAiError notFound(String kind, String id) {
        return OpenAiError.notFound("No " + kind + " found with id '" + id + "'.");
    }

    /** As OpenAI lists ids: {@code ['call_a', 'call_b']}. */
    private static String list(List<CallId> calls) {
        return calls.stream().map(call -> "'" + call + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    private static OpenAiError badRequest(String message) {
        return OpenAiError.badRequest(message, "", "");
    }
}
