package dev.heddle.persistence.postgres;

import static dev.heddle.persistence.postgres.Problems.assertProblem;
import static dev.heddle.persistence.postgres.TestPostgres.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.Tickets.Scope;
import dev.heddle.persistence.Tickets.Ticket;
import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.TenantId;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.ThreadKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A ticket opens one stream, once, and its text stands nowhere. */
class PostgresTicketsIT {
    private static final TestPostgres POSTGRES = TestPostgres.fresh();
    private static final PostgresRequests REQUESTS = new PostgresRequests(POSTGRES);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final PostgresTickets tickets = tickets(POSTGRES);
    private final RunKey run = REQUESTS.admit(REQUESTS.newThread(), Strategy.CONCURRENT);
    private final Scope ofThread = new Scope(run.thread(), Optional.empty());
    private final Scope ofRun = new Scope(run.thread(), Optional.of(run.id()));

    @AfterAll
    static void close() {
        POSTGRES.close();
    }

    @Test
    void aTicketIsGoodOnceForWhatItWasIssuedFor() {
        for (var scope : List.of(ofThread, ofRun)) {
            Ticket ticket = tickets.issue(scope, MINUTE).block(PATIENCE);

            assertThat(ticket.scope()).isEqualTo(scope);
            assertThat(ticket.expiresAt())
                    .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(61));
            assertThat(redeemed(ticket)).contains(scope);
            assertThat(redeemed(ticket)).isEmpty();
        }
    }

    @Test
    void ofManyWhoShowItAtOnceOneIsLetIn() {
        var elsewhere = tickets(POSTGRES.reachedBy(POSTGRES.url()));
        for (int i = 0; i < 5; i++) {
            Ticket ticket = tickets.issue(ofRun, MINUTE).block(PATIENCE);

            var answers = Crowd.allAtOnce(
                    20,
                    n -> (n % 2 == 0 ? tickets : elsewhere)
                            .redeem(ticket.text())
                            .map(Optional::of)
                            .defaultIfEmpty(Optional.empty()));

            assertThat(answers).filteredOn(Optional::isPresent).containsExactly(Optional.of(ofRun));
        }
    }

    @Test
    void itsTextIsLongAndRandomAndOnlyADigestIsKept() {
        var texts = Stream.generate(() -> tickets.issue(ofThread, MINUTE).block(PATIENCE))
                .limit(20)
                .map(Ticket::text)
                .toList();

        assertThat(texts).doesNotHaveDuplicates().allMatch(text -> text.matches("tkt_[A-Za-z0-9_-]{43}"));
        assertThat(POSTGRES.rows("select digest from stream_tickets"))
                .allSatisfy(row -> assertThat(row.get("digest").toString()).matches("[0-9a-f]{64}"));
    }

    @Test
    void anOldOneAndAMadeUpOneAreGoodForNothing() {
        Ticket old = tickets.issue(ofThread, MINUTE).block(PATIENCE);
        POSTGRES.rows("update stream_tickets set expires_at = now() - interval '1 second'");

        assertThat(redeemed(old)).isEmpty();
        assertThat(tickets.redeem("tkt_madeup").blockOptional(PATIENCE)).isEmpty();
        assertThat(tickets.redeem("").blockOptional(PATIENCE)).isEmpty();
    }

    @Test
    void oldOnesAreRemovedAndNoOthers() {
        POSTGRES.rows("delete from stream_tickets");
        Ticket young = tickets.issue(ofThread, MINUTE).block(PATIENCE);
        POSTGRES.rows("""
                insert into stream_tickets (digest, tenant_id, thread_id, expires_at)
                select 'old' || n, 'default', gen_random_uuid(), now() - interval '1 second'
                  from generate_series(1, ?) n
                """, OldTickets.BITE + 7);

        var old = new OldTickets(POSTGRES.database(), VirtualTimeScheduler.create());

        assertThat(old.prune().block(PATIENCE)).isEqualTo(OldTickets.BITE + 7);
        assertThat(redeemed(young)).contains(ofThread);
    }

    @Test
    void onlyForWhatIsThereOneIsIssued() {
        var nowhere = new ThreadKey(TenantId.DEFAULT, ThreadId.fresh());
        var foreign = new ThreadKey(new TenantId("foreign"), run.thread().id());
        var noRun = RunId.fresh();

        assertProblem(issue(nowhere, Optional.empty()), new Problem.ThreadNotFound(nowhere.id()));
        assertProblem(issue(foreign, Optional.empty()), new Problem.ThreadNotFound(foreign.id()));
        assertProblem(issue(foreign, Optional.of(run.id())), new Problem.ThreadNotFound(foreign.id()));
        assertProblem(issue(run.thread(), Optional.of(noRun)), new Problem.RunNotFound(noRun));
    }

    private Mono<Ticket> issue(ThreadKey thread, Optional<RunId> of) {
        return tickets.issue(new Scope(thread, of), MINUTE);
    }

    private Optional<Scope> redeemed(Ticket ticket) {
        return tickets.redeem(ticket.text()).blockOptional(PATIENCE);
    }

    private static PostgresTickets tickets(TestPostgres postgres) {
        return new PostgresTickets(
                postgres.database(), postgres.threads(), new PostgresRuns(postgres.database(), postgres.threads()));
    }
}
