package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the log turned on their side: one array a column, as {@code append_events} takes them. */
final class LogRows {
    private static final int USUAL_PAYLOAD = 128;

    private final List<UUID> threads;
    private final LongColumn firstSeqs;
    private final LongColumn lastSeqs;
    private final List<String> tenants;
    private final LongColumn turns;
    private final List<@Nullable UUID> runs;
    private final LongColumn firstRunSeqs;
    private final LongColumn epochs;
    private final List<UUID> batches;
    private final LongColumn times;
    private final LongColumn payloadStarts;
    private final LongColumn payloadEnds;
    private final JsonBytes payloads;

    /** {@code rows} is how many there mostly are; there may be more. */
    LogRows(int rows) {
        threads = new ArrayList<>(rows);
        firstSeqs = new LongColumn(rows);
        lastSeqs = new LongColumn(rows);
        tenants = new ArrayList<>(rows);
        turns = new LongColumn(rows);
        runs = new ArrayList<>(rows);
        firstRunSeqs = new LongColumn(rows);
        epochs = new LongColumn(rows);
        batches = new ArrayList<>(rows);
        times = new LongColumn(rows);
        payloadStarts = new LongColumn(rows);
        payloadEnds = new LongColumn(rows);
        payloads = new JsonBytes(rows * USUAL_PAYLOAD);
    }

    /** One row: events of one run, or one of the thread. */
    void add(Append append, List<LoggedEvent> events) {
        LoggedEvent first = events.getFirst();
        threads.add(append.thread().id().value());
        firstSeqs.add(first.seq());
        lastSeqs.add(events.getLast().seq());
        tenants.add(append.thread().tenant().value());
        turns.add(first.turn());
        runs.add(runOf(first));
        firstRunSeqs.add(first.runSeq());
        epochs.add(append.epoch());
        batches.add(append.batch());
        times.add(first.at().toEpochMilli());
        payloadStarts.add(payloads.size());
        EventJson.write(events, payloads);
        payloadEnds.add(payloads.size());
    }

    /** In the order of the function's parameters. */
    List<Object> parameters() {
        return List.of(
                BinaryParameter.uuids(threads),
                BinaryParameter.longs(firstSeqs),
                BinaryParameter.longs(lastSeqs),
                BinaryParameter.texts(tenants),
                BinaryParameter.longs(turns),
                BinaryParameter.uuids(runs),
                BinaryParameter.longs(firstRunSeqs),
                BinaryParameter.longs(epochs),
                BinaryParameter.uuids(batches),
                BinaryParameter.longs(times),
                BinaryParameter.bytes(payloads),
                BinaryParameter.longs(payloadStarts),
                BinaryParameter.longs(payloadEnds));
    }

    static @Nullable UUID runOf(LoggedEvent event) {
        return event.event() instanceof ThreadEvent.OfRun ofRun ? ofRun.run().value() : null;
    }
}
