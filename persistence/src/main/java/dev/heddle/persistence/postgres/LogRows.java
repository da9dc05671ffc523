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
    private final List<@Nullable UUID> threads = new ArrayList<>();
    private final List<Long> firstSeqs = new ArrayList<>();
    private final List<Long> lastSeqs = new ArrayList<>();
    private final List<String> tenants = new ArrayList<>();
    private final List<Long> turns = new ArrayList<>();
    private final List<@Nullable UUID> runs = new ArrayList<>();
    private final List<Long> firstRunSeqs = new ArrayList<>();
    private final List<Long> epochs = new ArrayList<>();
    private final List<@Nullable UUID> batches = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final List<Long> payloadStarts = new ArrayList<>();
    private final List<Long> payloadEnds = new ArrayList<>();
    private final JsonBytes payloads = new JsonBytes();

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
        payloadStarts.add((long) payloads.size());
        EventJson.write(events.stream().map(LoggedEvent::event).toList(), payloads);
        payloadEnds.add((long) payloads.size());
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
