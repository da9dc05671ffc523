package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.Answers;
import dev.heddle.gateway.http.openai.OpenAiError;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.util.Optional;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Tells problems in the words of OpenAI's APIs. */
final class StreamsErrors {
    private StreamsErrors() {}

    /** Answers with the problem of a handler that fails, be it at once or later. */
    static Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return Mono.defer(() -> next.handle(request)).onErrorResume(error -> answer(request, error));
    }

    private static Mono<ServerResponse> answer(ServerRequest request, Throwable error) {
        return render(error)
                .map(known -> Answers.error(request, known))
                .orElseGet(() -> Answers.unexpected(request, error));
    }

    /** Empty for what nobody foresaw. */
    static Optional<OpenAiError> render(Throwable error) {
        return error instanceof ProblemException known ? render(known.problem()) : Optional.empty();
    }

    private static Optional<OpenAiError> render(Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest p -> Optional.of(OpenAiError.badRequest(p.message(), p.param(), p.code()));
            case Problem.RequestTooLarge p ->
                Optional.of(OpenAiError.tooLarge("The request's body is larger than " + p.maxBytes() + " bytes."));
            case Problem.UnknownId p -> notFound(p.kind(), p.id());
            case Problem.ThreadNotFound p -> notFound("thread", OpenAiIds.thread(p.thread()));
            case Problem.RunNotFound p -> notFound("run", OpenAiIds.run(p.run()));
            // Nothing here asks for what these refuse.
            case Problem.ItemNotFound _,
                    Problem.AssistantNotFound _,
                    Problem.ThreadBusy _,
                    Problem.StillBusy _,
                    Problem.MessageWhileActive _,
                    Problem.QueueFull _,
                    Problem.NotStoppable _,
                    Problem.NotAwaitingOutputs _,
                    Problem.WrongOutputs _,
                    Problem.RunNotFinal _,
                    Problem.ModelNotFound _,
                    Problem.NotQueued _,
                    Problem.ItemInProgress _,
                    Problem.KeyReused _,
                    Problem.ModelFailed _ -> Optional.empty();
        };
    }

    private static Optional<OpenAiError> notFound(String kind, String id) {
        return Optional.of(OpenAiError.notFound("No " + kind + " found with id '" + id + "'."));
    }
}
