package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.ApiKeys;
import dev.heddle.gateway.http.KeyCheck;
import dev.heddle.gateway.http.KeyDefaults;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * For the routes of streams: lets requests with a stream ticket through that is for what their path names; the others
 * need a key. A ticket that a request shows is used up, whatever becomes of the request. What a ticket is not for is not
 * there, as another tenant's is not.
 *
 * <p>The path's variables tell what is asked for: {@code thread_id}, also with {@code run_id}; {@code response_id}; or
 * none, for a socket, which asks for threads later and has to look at {@link StreamTickets#scope} then.
 */
public final class TicketFilter implements HandlerFilterFunction<ServerResponse, ServerResponse> {
    private static final String THREAD = "thread_id";
    private static final String RUN = "run_id";
    private static final String RESPONSE = "response_id";

    private final KeyFilter keys;
    private final Tickets tickets;
    private final Runs runs;

    public TicketFilter(KeyFilter keys, Tickets tickets, Runs runs) {
        this.keys = keys;
        this.tickets = tickets;
        this.runs = runs;
    }

    /** The same with another way to look at keys. */
    public TicketFilter over(KeyFilter otherKeys) {
        return new TicketFilter(otherKeys, tickets, runs);
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return StreamTickets.given(request)
                .filter(_ -> asksForStream(request))
                .map(ticket -> byTicket(ticket, request, next))
                .orElseGet(() -> keys.filter(request, next));
    }

    /** A response can also be asked for as an object, and no ticket is for that. */
    private static boolean asksForStream(ServerRequest request) {
        return !request.pathVariables().containsKey(RESPONSE)
                || request.queryParam("stream").filter("true"::equals).isPresent();
    }

    private Mono<ServerResponse> byTicket(String ticket, ServerRequest request, HandlerFunction<ServerResponse> next) {
        return tickets.redeem(ticket)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(scope -> scope.map(found -> admitted(found, request, next))
                        .orElseGet(() -> Answers.error(request, invalid())));
    }

    private Mono<ServerResponse> admitted(
            Tickets.Scope scope, ServerRequest request, HandlerFunction<ServerResponse> next) {
        return check(scope, request.pathVariables()).then(Mono.defer(() -> {
            ApiKeys.accept(request, new KeyCheck.Accepted(scope.tenant(), KeyDefaults.NONE));
            StreamTickets.note(request, scope);
            return next.handle(request);
        }));
    }

    private Mono<Void> check(Tickets.Scope scope, Map<String, String> path) {
        if (path.containsKey(RESPONSE)) {
            return checkResponse(scope, OpenAiIds.response(RESPONSE, path.get(RESPONSE)));
        }
        if (path.containsKey(THREAD)) {
            var thread = OpenAiIds.thread(THREAD, path.get(THREAD));
            var run = Optional.ofNullable(path.get(RUN)).map(text -> OpenAiIds.run(RUN, text));
            return covers(scope, thread, run) ? Mono.empty() : notThere(thread, run);
        }
        return scope.run().isEmpty() ? Mono.empty() : notThere(scope.thread().id(), Optional.empty());
    }

    private static boolean covers(Tickets.Scope scope, ThreadId thread, Optional<RunId> run) {
        return scope.thread().id().equals(thread)
                && (scope.run().isEmpty() || scope.run().equals(run));
    }

    /** Only of a ticket for a thread it takes a look to know whether the response is one of its runs. */
    private Mono<Void> checkResponse(Tickets.Scope scope, RunId run) {
        var thread = scope.run().filter(run::equals).isPresent()
                ? Mono.just(scope.thread())
                : runs.find(scope.tenant(), run).map(found -> found.key().thread());
        return thread.filter(found -> covers(scope, found.id(), Optional.of(run)))
                .switchIfEmpty(Mono.error(() -> new ProblemException(new Problem.RunNotFound(run))))
                .then();
    }

    private static Mono<Void> notThere(ThreadId thread, Optional<RunId> run) {
        return Mono.error(() -> new ProblemException(
                run.<Problem>map(Problem.RunNotFound::new).orElseGet(() -> new Problem.ThreadNotFound(thread))));
    }

    private static OpenAiError invalid() {
        return OpenAiError.unauthorized(
                "The stream ticket is wrong, was used before, or is too old. Ask for a new one.", "invalid_ticket");
    }
}
