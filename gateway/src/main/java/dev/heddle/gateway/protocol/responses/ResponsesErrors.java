package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.log.Gap;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.util.Locale;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Tells problems in the words of OpenAI's Responses API. Never 409: its clients would repeat the request. */
final class ResponsesErrors {
    private static final String SERVER_ERROR = "server_error";

    private ResponsesErrors() {}

    /** Answers with the problem of a handler that fails, be it at once or later. */
    static Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return Mono.defer(() -> next.handle(request)).onErrorResume(error -> answer(request, error));
    }

    /** A response's first events are gone, so that it cannot be told from the start, and nothing else would be exact. */
    static ProblemException forgotten(RunId run, Gap gap) {
        return new ProblemException(new Problem.InvalidRequest(
                "events_expired",
                "",
                "The events of response %s up to its %d. are no longer kept. Retrieve the response itself instead."
                        .formatted(OpenAiIds.response(run), gap.to())));
    }

    private static Mono<ServerResponse> answer(ServerRequest request, Throwable error) {
        return error instanceof ProblemException known
                ? Answers.error(request, render(known.problem()))
                : Answers.unexpected(request, error);
    }

    static OpenAiError render(Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest p -> OpenAiError.badRequest(p.message(), p.param(), p.code());
            case Problem.RequestTooLarge p ->
                OpenAiError.tooLarge("The request's body is larger than " + p.maxBytes() + " bytes.");
            case Problem.UnknownId p -> notFound(p.kind(), p.id());
            case Problem.ThreadNotFound p -> conversationNotFound(p.thread());
            case Problem.RunNotFound p -> notFound("response", OpenAiIds.response(p.run()));
            case Problem.ItemNotFound p -> notFound("item", OpenAiIds.item(p.item(), Item.Kind.MESSAGE));
            case Problem.AssistantNotFound p -> notFound("assistant", OpenAiIds.assistant(p.assistant()));
            case Problem.ThreadBusy _, Problem.MessageWhileActive _, Problem.StillBusy _ -> locked();
            case Problem.RunNotFinal p -> notFinal(p);
            case Problem.ModelNotFound p -> modelNotFound(p);
            case Problem.QueueFull p -> queueFull(p);
            case Problem.ItemInProgress p ->
                OpenAiError.badRequest(
                        "Item " + OpenAiIds.message(p.item()) + " cannot be deleted while its response is made.",
                        "",
                        "item_in_progress");
            case Problem.KeyReused p ->
                OpenAiError.unprocessable(
                        "The key '" + p.key() + "' was used before, for another request.",
                        "Idempotency-Key",
                        "idempotency_key_reused");
            case Problem.ModelFailed p ->
                new OpenAiError(
                        500,
                        SERVER_ERROR,
                        p.failure().message(),
                        null,
                        word(p.failure().code()));
            case Problem.NotStoppable _, Problem.NotAwaitingOutputs _, Problem.WrongOutputs _, Problem.NotQueued _ ->
                new OpenAiError(500, SERVER_ERROR, "The server met a state that it does not know.", null, SERVER_ERROR);
        };
    }

    private static OpenAiError locked() {
        return OpenAiError.badRequest(
                "Another process is currently operating on this conversation. Please retry in a few seconds.",
                "conversation",
                "conversation_locked");
    }

    private static OpenAiError notFinal(Problem.RunNotFinal p) {
        return OpenAiError.badRequest(
                "Response '" + OpenAiIds.response(p.run())
                        + "' has not ended yet, so that nothing can go on from it. Wait for its end, or cancel it.",
                Parents.FIELD,
                "previous_response_not_final");
    }

    private static OpenAiError modelNotFound(Problem.ModelNotFound p) {
        return OpenAiError.badRequest("The model '" + p.model() + "' does not exist.", "model", "model_not_found");
    }

    private static OpenAiError queueFull(Problem.QueueFull p) {
        return OpenAiError.overload("The conversation has " + p.maxQueuedRuns()
                + " active responses, as many as may work or wait. Try again when one of them has ended.");
    }

    private static OpenAiError conversationNotFound(ThreadId thread) {
        return notFound("conversation", OpenAiIds.conversation(thread));
    }

    private static OpenAiError notFound(String kind, String id) {
        String noun = kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
        return OpenAiError.notFound(noun + " with id '" + id + "' not found.");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
