package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadKey;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The event log in PostgreSQL: group commits in, pages of rows out. */
final class PostgresEventLog implements EventLog {
    private final Database database;
    private final GroupCommit groups;

    PostgresEventLog(Database database, GroupCommit groups) {
        this.database = database;
        this.groups = groups;
    }

    @Override
    public Mono<AppendOutcome> append(Append append) {
        return groups.submit(append);
    }

    // The row that holds event after + 1 may begin before it. Rows hold one event or hundreds, so the events decide
    // how many rows make a page, and so do their bytes: every slow reader holds a page.
    private static final String READ_THREAD = """
            select p.first_seq, p.turn, p.run_id, p.first_run_seq, p.logged_at, p.payload
              from (select l.*,
                           sum(l.last_seq - greatest(l.first_seq - 1, $3)) over before as events,
                           sum(octet_length(l.payload)) over before as bytes
                      from event_log l
                     where l.tenant_id = $1
                       and l.thread_id = $2
                       and l.first_seq >= coalesce((select max(s.first_seq) from event_log s
                                                     where s.thread_id = $2 and s.first_seq <= $3 + 1), 0)
                       and l.last_seq > $3
                    window before as (order by l.first_seq rows between unbounded preceding and 1 preceding)
                     order by l.first_seq
                     limit $4) p
             where coalesce(p.events, 0) < $4 and coalesce(p.bytes, 0) < 262144
             order by p.first_seq
            """;

    @Override
    public Mono<List<LoggedEvent>> readThread(ThreadKey thread, long after, int limit) {
        return database.list(
                        READ_THREAD,
                        PostgresEventLog::events,
                        thread.tenant().value(),
                        thread.id().value(),
                        after,
                        limit)
                .map(rows -> page(rows, limit, event -> event.seq() > after));
    }

    private static final String READ_TURN = """
            select p.first_seq, p.turn, p.run_id, p.first_run_seq, p.logged_at, p.payload
              from (select l.*,
                           sum(l.first_run_seq + l.last_seq - l.first_seq - greatest(l.first_run_seq - 1, $4))
                               over before as events,
                           sum(octet_length(l.payload)) over before as bytes
                      from event_log l
                     where l.tenant_id = $1
                       and l.thread_id = $2
                       and l.turn = $3
                       and l.first_run_seq >= coalesce((select max(s.first_run_seq) from event_log s
                                                         where s.thread_id = $2 and s.turn = $3
                                                           and s.first_run_seq <= $4 + 1), 0)
                       and l.first_run_seq + l.last_seq - l.first_seq > $4
                    window before as (order by l.first_run_seq rows between unbounded preceding and 1 preceding)
                     order by l.first_run_seq
                     limit $5) p
             where coalesce(p.events, 0) < $5 and coalesce(p.bytes, 0) < 262144
             order by p.first_run_seq
            """;

    @Override
    public Mono<List<LoggedEvent>> readTurn(ThreadKey thread, long turn, long after, int limit) {
        return database.list(
                        READ_TURN,
                        PostgresEventLog::events,
                        thread.tenant().value(),
                        thread.id().value(),
                        turn,
                        after,
                        limit)
                .map(rows -> page(rows, limit, event -> event.runSeq() > after));
    }

    private static final String TURN_AFTER = """
            select turn
              from event_log
             where tenant_id = $1 and thread_id = $2 and turn > $3
             order by turn
             limit 1
            """;

    @Override
    public Mono<Long> turnAfter(ThreadKey thread, long turn) {
        return database.one(
                TURN_AFTER,
                row -> Column.of(row, "turn", Long.class),
                thread.tenant().value(),
                thread.id().value(),
                turn);
    }

    private static final String HEAD = """
            select last_seq
              from event_log
             where tenant_id = $1 and thread_id = $2
             order by first_seq desc
             limit 1
            """;

    @Override
    public Mono<Long> head(ThreadKey thread) {
        return database.one(
                        HEAD,
                        row -> Column.of(row, "last_seq", Long.class),
                        thread.tenant().value(),
                        thread.id().value())
                .defaultIfEmpty(0L);
    }

    private static List<LoggedEvent> page(
            List<List<LoggedEvent>> rows, int limit, java.util.function.Predicate<LoggedEvent> wanted) {
        return rows.stream().flatMap(List::stream).filter(wanted).limit(limit).toList();
    }

    private static List<LoggedEvent> events(Readable row) {
        long firstSeq = Column.of(row, "first_seq", Long.class);
        long turn = Column.of(row, "turn", Long.class);
        Instant at = Column.of(row, "logged_at", Instant.class);
        var events = new ArrayList<LoggedEvent>();
        for (ThreadEvent event : threadEvents(row)) {
            events.add(new LoggedEvent(firstSeq + events.size(), turn, at, event));
        }
        return events;
    }

    private static List<ThreadEvent> threadEvents(Readable row) {
        byte[] payload = Column.of(row, "payload", byte[].class);
        @Nullable UUID run = row.get("run_id", UUID.class);
        return run == null
                ? EventJson.readThread(payload)
                : EventJson.readRun(payload, new RunId(run), Column.of(row, "first_run_seq", Long.class));
    }
}
