package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Tickets;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadKey;
import java.util.Optional;
import java.util.Set;

/** What a ticket is wanted for, as the client spells it: a thread, a run of a thread, or a run whose thread is left out. */
record TicketRequest(Optional<String> thread, Optional<String> run) {
    private static final String THREAD = "thread_id";
    private static final String RUN = "run_id";

    static TicketRequest read(JsonFields body) {
        body.only(Set.of(THREAD, RUN));
        var request = new TicketRequest(body.text(THREAD), body.text(RUN));
        if (request.thread.isEmpty() && request.run.isEmpty()) {
            throw Invalid.missing(THREAD);
        }
        return request;
    }

    /** Empty when the thread was left out. */
    Optional<Tickets.Scope> scope(TenantId tenant) {
        return thread.map(text -> scope(new ThreadKey(tenant, OpenAiIds.threadOrConversation(THREAD, text))));
    }

    /** For the run in its thread, or for the thread when no run was named. */
    Tickets.Scope scope(ThreadKey key) {
        return new Tickets.Scope(key, run.map(TicketRequest::runId));
    }

    /** The run, where the thread was left out. */
    RunId onlyRun() {
        return run.map(TicketRequest::runId).orElseThrow();
    }

    private static RunId runId(String text) {
        return OpenAiIds.runOrResponse(RUN, text);
    }
}
