package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Where the response that another one goes on from is found. */
interface Parents {
    String FIELD = "previous_response_id";

    /** The run of a response; a problem that says so when there is none, or none to go on from. */
    Mono<StoredRun> find(TenantId tenant, RunId parent);

    /** As {@link #find}, but one that has ended; a {@code RunNotFinal} problem otherwise. */
    default Mono<StoredRun> findEnded(TenantId tenant, RunId parent) {
        return find(tenant, parent).flatMap(Parents::ended);
    }

    private static Mono<StoredRun> ended(StoredRun run) {
        return run.status().isActive()
                ? Mono.error(
                        new ProblemException(new Problem.RunNotFinal(run.key().id(), run.status())))
                : Mono.just(run);
    }

    /** Refuses a request that names a conversation too. */
    static void checkAlone(JsonFields fields) {
        if (fields.value(FIELD).isPresent() && fields.value("conversation").isPresent()) {
            throw Invalid.because(
                    FIELD, "it cannot be used together with 'conversation', which has its own previous responses.");
        }
    }

    /** Those that are stored. */
    static Parents stored(Runs runs) {
        return (tenant, parent) -> runs.find(tenant, parent)
                .filter(run -> Echo.isOf(run.spec()) && Echo.of(run.spec()).store())
                .onErrorResume(Parents::isNotFound, _ -> Mono.empty())
                .switchIfEmpty(Mono.error(() -> notFound(OpenAiIds.response(parent))));
    }

    /** Reads the id of a response; what is no id, names no response. */
    static RunId id(String text) {
        return idIn(text).orElseThrow(() -> notFound(text));
    }

    /** The id of a response, if the text is one. */
    static Optional<RunId> idIn(String text) {
        try {
            return Optional.of(OpenAiIds.response(FIELD, text));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    static ProblemException notFound(String id) {
        return new ProblemException(new Problem.InvalidRequest(
                "previous_response_not_found", FIELD, "Previous response with id '" + id + "' not found."));
    }

    private static boolean isNotFound(Throwable error) {
        return error instanceof ProblemException known && known.problem() instanceof Problem.RunNotFound;
    }
}
