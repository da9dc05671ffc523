package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Several appends as the rows they write and change: log rows, runs, items, and inbox entries that are used up. */
final class Batch {
    // A row is read whole: a reader must not hold more of a wordy run than it asked for.
    private static final int MAX_ROW_CHARS = 32_768;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final LogRows logRows;
    private final Map<RunId, RunChange> runs = new LinkedHashMap<>();
    private final Map<ItemId, ItemChange> items = new LinkedHashMap<>();
    private final ArrayNode ends = JSON.arrayNode();
    private final ArrayNode usedEntries = JSON.arrayNode();
    private final long appends;

    private record Row(Append append, List<LoggedEvent> events) {}

    /** Of one append a thread at most; in the order of thread ids, so that no two batches lock crosswise. */
    Batch(List<Append> appends) {
        this.appends = appends.size();
        this.logRows = new LogRows(appends.size());
        var furtherRows = new ArrayList<Row>();
        appends.stream()
                .sorted(Comparator.comparing(append -> append.thread().id().value()))
                .forEach(append -> add(append, furtherRows));
        furtherRows.forEach(row -> logRows.add(row.append(), row.events()));
    }

    /** How many there are; the first row of each stands before all further ones. */
    long appends() {
        return appends;
    }

    LogRows logRows() {
        return logRows;
    }

    /** Whether more changes than the log; most batches hold nothing but pieces of text. */
    boolean changesRows() {
        return !(runs.isEmpty() && items.isEmpty() && ends.isEmpty() && usedEntries.isEmpty());
    }

    /** Runs, items, ends of runs with the status of an item they leave open, inbox entries that are used up. */
    List<BinaryParameter> changes() {
        var runChanges = JSON.arrayNode();
        runs.values().forEach(run -> runChanges.add(run.json()));
        var itemChanges = JSON.arrayNode();
        items.values().forEach(item -> itemChanges.add(item.json()));
        return Stream.of(runChanges, itemChanges, ends, usedEntries)
                .map(changes -> BinaryParameter.json(changes.isEmpty() ? null : JsonText.write(changes)))
                .toList();
    }

    private void add(Append append, List<Row> furtherRows) {
        append.consumedInbox()
                .forEach(entry -> usedEntries
                        .addObject()
                        .put("id", entry)
                        .put("thread_id", append.thread().id().value().toString()));
        append.events().forEach(this::change);
        int from = 0;
        long chars = 0;
        for (int to = 1; to <= append.events().size(); to++) {
            LoggedEvent last = append.events().get(to - 1);
            chars += chars(last);
            if (to == append.events().size()
                    || chars > MAX_ROW_CHARS
                    || !continues(last, append.events().get(to))) {
                addRow(append, append.events().subList(from, to), from == 0, furtherRows);
                from = to;
                chars = 0;
            }
        }
    }

    private void addRow(Append append, List<LoggedEvent> events, boolean isFirst, List<Row> furtherRows) {
        if (isFirst) {
            logRows.add(append, events);
        } else {
            furtherRows.add(new Row(append, events));
        }
    }

    private static boolean continues(LoggedEvent event, LoggedEvent next) {
        return LogRows.runOf(next) != null && event.turn() == next.turn();
    }

    private static int chars(LoggedEvent event) {
        return switch (event.event()) {
            case ThreadEvent.OfRun(var _, var _, RunEvent.ReasoningAppended reasoning) ->
                reasoning.text().length();
            case ThreadEvent.OfRun(var _, var _, RunEvent.TextAppended text) ->
                text.text().length();
            case ThreadEvent.OfRun(var _, var _, RunEvent.ArgumentsAppended appended) ->
                appended.arguments().length();
            case ThreadEvent _ -> 0;
        };
    }

    private void change(LoggedEvent logged) {
        if (logged.event() instanceof ThreadEvent.OfRun ofRun) {
            change(logged, ofRun.run(), ofRun.event());
        }
    }

    private void change(LoggedEvent logged, RunId run, RunEvent event) {
        switch (event) {
            case RunEvent.Lifecycle lifecycle -> changeRun(logged, run, lifecycle);
            case RunEvent.ItemOpened opened ->
                items.computeIfAbsent(opened.item(), _ -> new ItemChange(run, logged, opened, opened.start()))
                        .open(opened);
            case RunEvent.ItemClosed closed ->
                items.computeIfAbsent(closed.item(), _ -> new ItemChange(run, logged, closed, closed.end()))
                        .close(logged, closed);
            case RunEvent.TextAppended _,
                    RunEvent.ReasoningAppended _,
                    RunEvent.ArgumentsAppended _,
                    RunEvent.ModelCallStarted _,
                    RunEvent.ModelCallEnded _ -> {}
        }
    }

    private void changeRun(LoggedEvent logged, RunId run, RunEvent.Lifecycle event) {
        runs.computeIfAbsent(run, RunChange::new).add(logged, event);
        if (event instanceof RunEvent.Terminal terminal) {
            cutItems(logged, run, ItemStatus.cutBy(terminal));
        }
    }

    /** Those that this append has opened; the statement does the same to those that stand in the database. */
    private void cutItems(LoggedEvent logged, RunId run, ItemStatus cut) {
        items.values().forEach(item -> item.cut(logged, run, cut));
        ends.addObject()
                .put("run_id", run.value().toString())
                .put("cut_status", Spelling.of(cut))
                .put("ended_at", logged.at().toEpochMilli());
    }
}
