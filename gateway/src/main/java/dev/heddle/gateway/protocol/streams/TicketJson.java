package dev.heddle.gateway.protocol.streams;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.Tickets;
import org.jspecify.annotations.Nullable;

/** A ticket as its holder is given it; ids are spelt as they were asked for. */
record TicketJson(
        String object,
        String ticket,
        String thread_id,
        @Nullable String run_id,
        long expires_at) {
    static TicketJson of(Tickets.Ticket ticket, TicketRequest wanted) {
        return new TicketJson(
                "stream_ticket",
                ticket.text(),
                wanted.thread()
                        .orElseGet(
                                () -> OpenAiIds.thread(ticket.scope().thread().id())),
                wanted.run().orElse(null),
                ticket.expiresAt().getEpochSecond());
    }
}
