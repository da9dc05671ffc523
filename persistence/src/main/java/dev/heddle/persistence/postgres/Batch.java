package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.Append;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Several appends as the rows they write and change: log rows, runs, items, and inbox entries that are used up. */
final class Batch {
    // A row is read whole: a reader must not hold more of a wordy run than it asked for.
    private static final int MAX_ROW_CHARS = 32_768;

    private final List<@Nullable Object[]> logRows = new ArrayList<>();
    private final Map<RunId, RunChange> runs = new LinkedHashMap<>();
    private final Map<ItemId, ItemChange> items = new LinkedHashMap<>();
    private final List<@Nullable Object[]> endings = new ArrayList<>();
    private final List<@Nullable Object[]> inbox = new ArrayList<>();

    /** Of one append a thread at most; in the order of thread ids, so that no two batches lock crosswise. */
    Batch(List<Append> appends) {
        appends.stream()
                .sorted(Comparator.comparing(append -> append.thread().id().value()))
                .forEach(this::add);
    }

    Columns logRows() {
        return Columns.of(logRows);
    }

    Columns runs() {
        return Columns.of(runs.values().stream().map(RunChange::columns).toList());
    }

    Columns items() {
        return Columns.of(items.values().stream().map(ItemChange::columns).toList());
    }

    /** The runs that end, each with the status of an item it leaves open. */
    Columns endings() {
        return Columns.of(endings);
    }

    Columns inbox() {
        return Columns.of(inbox);
    }

    private void add(Append append) {
        append.consumedInbox()
                .forEach(entry -> inbox.add(
                        new @Nullable Object[] {entry, append.thread().id().value()}));
        append.events().forEach(this::change);
        int from = 0;
        long chars = 0;
        for (int to = 1; to <= append.events().size(); to++) {
            LoggedEvent last = append.events().get(to - 1);
            chars += chars(last);
            if (to == append.events().size()
                    || chars > MAX_ROW_CHARS
                    || !continues(last, append.events().get(to))) {
                logRows.add(logRow(append, append.events().subList(from, to)));
                from = to;
                chars = 0;
            }
        }
    }

    private static boolean continues(LoggedEvent event, LoggedEvent next) {
        return runOf(next) != null && event.turn() == next.turn();
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

    private static @Nullable UUID runOf(LoggedEvent event) {
        return event.event() instanceof ThreadEvent.OfRun ofRun ? ofRun.run().value() : null;
    }

    private static @Nullable Object[] logRow(Append append, List<LoggedEvent> events) {
        LoggedEvent first = events.getFirst();
        return new @Nullable Object[] {
            append.thread().id().value(),
            first.seq(),
            events.getLast().seq(),
            append.thread().tenant().value(),
            first.turn(),
            runOf(first),
            first.runSeq(),
            append.epoch(),
            append.batch(),
            first.at().toEpochMilli(),
            payload(events),
            first.seq() == append.firstSeq()
        };
    }

    // As text: the driver drops the backslashes that an array of byte strings is spelt with.
    private static String payload(List<LoggedEvent> events) {
        return Base64.getEncoder()
                .encodeToString(
                        EventJson.write(events.stream().map(LoggedEvent::event).toList()));
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
        endings.add(new @Nullable Object[] {
            run.value(), Spelling.of(cut), logged.at().toEpochMilli()
        });
    }
}
