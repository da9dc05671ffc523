package dev.heddle.streaming.lane;

import static dev.heddle.streaming.run.TestRuns.EXPIRES_AT;
import static dev.heddle.streaming.run.TestRuns.admitted;
import static dev.heddle.streaming.run.TestRuns.call;
import static dev.heddle.streaming.run.TestRuns.paused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.log.AppendOutcome;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.TestWriter;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadKey;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Inbox} promises, together with the log whose appends empty it. */
public abstract class InboxContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The inbox under test: the same one in every call of a test. */
    protected abstract Inbox inbox();

    /** The log that consumes its entries. */
    protected abstract EventLog log();

    /** What requests write into it. */
    protected abstract Requests requests();

    /** Makes this the epoch of the thread's current owner. */
    protected abstract void claimed(ThreadKey thread, long epoch);

    @Test
    void aThreadOfWhichNothingIsAskedHasAnEmptyInbox() {
        assertThat(read(requests().newThread())).isEmpty();
    }

    @Test
    void whatIsAskedIsReadInTheOrderInWhichItWasAsked() {
        ThreadKey thread = requests().newThread();

        RunKey first = requests().admit(thread, Strategy.CONCURRENT);
        requests().askStop(first, StopCause.CLIENT);
        ItemId message = requests().addMessage(thread, "Hallo 🧵");
        RunKey second = requests().admit(thread, Strategy.ENQUEUE);

        List<InboxEntry> entries = read(thread);
        assertThat(entries).extracting(InboxEntry::id).isSorted().doesNotHaveDuplicates();
        assertThat(entries)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(
                        new InboxEntry.RunAdmitted(0, first.id(), 1, Strategy.CONCURRENT),
                        new InboxEntry.StopAsked(0, first.id(), StopCause.CLIENT),
                        new InboxEntry.ItemAdded(0, 2, message, Item.Message.of(Role.USER, "Hallo 🧵")),
                        new InboxEntry.RunAdmitted(0, second.id(), 3, Strategy.ENQUEUE));
    }

    @Test
    void theInboxIsReadPageByPage() {
        ThreadKey thread = requests().newThread();
        for (int i = 0; i < 5; i++) {
            requests().addMessage(thread, "message " + i);
        }
        List<InboxEntry> all = read(thread);

        assertThat(read(thread, 0, 2)).isEqualTo(all.subList(0, 2));
        assertThat(read(thread, all.get(1).id(), 2)).isEqualTo(all.subList(2, 4));
        assertThat(read(thread, all.get(3).id(), 2)).isEqualTo(all.subList(4, 5));
        assertThat(read(thread, all.get(4).id(), 2)).isEmpty();
    }

    @Test
    void readingTakesNothingOut() {
        ThreadKey thread = requests().newThread();
        requests().admit(thread, Strategy.CONCURRENT);

        assertThat(read(thread)).isEqualTo(read(thread)).hasSize(1);
    }

    @Test
    void inboxesKnowNothingOfEachOther() {
        ThreadKey thread = requests().newThread();
        ThreadKey other = requests().newThread();
        requests().addMessage(thread, "one");
        requests().addMessage(other, "two");

        assertThat(read(thread)).hasSize(1).doesNotContainAnyElementsOf(read(other));
        assertThat(read(other)).hasSize(1);
    }

    @Test
    void anEntryLeavesInTheAppendThatNamesIt() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        requests().askStop(run, StopCause.CLIENT);
        List<InboxEntry> entries = read(thread);
        TestWriter owner = owner(thread);

        owner.send(TestWriter.consuming(
                owner.next(run, admitted()), entries.getFirst().id()));

        assertThat(read(thread)).isEqualTo(entries.subList(1, 2));
    }

    @Test
    void aMessageLeavesInTheAppendThatNamesIt() {
        ThreadKey thread = requests().newThread();
        requests().addMessage(thread, "Hallo");
        var entry = (InboxEntry.ItemAdded) read(thread).getFirst();
        TestWriter owner = owner(thread);
        var event = new ThreadEvent.ItemAdded(entry.item(), entry.content());

        owner.send(TestWriter.consuming(owner.next(entry.turn(), List.of(event)), entry.id()));

        assertThat(owner.stored()).hasSize(1);
        assertThat(read(thread)).isEmpty();
    }

    @Test
    void anAppendThatLeftNoTraceConsumesNothing() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        List<InboxEntry> entries = read(thread);
        owner(thread).store(run, admitted());
        TestWriter late = owner(thread);

        AppendOutcome outcome = late.send(TestWriter.consuming(
                late.next(run, admitted()), entries.getFirst().id()));

        assertThat(outcome).isEqualTo(new AppendOutcome.Moved(1));
        assertThat(read(thread)).isEqualTo(entries);
    }

    @Test
    void aStopLeavesWithTheEndOfItsRun() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        RunKey other = requests().admit(thread, Strategy.CONCURRENT);
        requests().askStop(run, StopCause.CLIENT);
        requests().askStop(other, StopCause.CLIENT);
        TestWriter owner = owner(thread);
        owner.store(run, admitted(), new RunEvent.StopRequested(StopCause.CLIENT));
        assertThat(stops(thread)).hasSize(2);

        owner.store(run, new RunEvent.Cancelled(StopCause.CLIENT, Usage.NONE));

        assertThat(stops(thread)).extracting(InboxEntry.StopAsked::run).containsExactly(other.id());
    }

    @Test
    void outputsAreReadInTheOrderOfTheCallsBehindTheItemsOfTheirModelCall() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        Item.FunctionCall first = call("{\"a\": 1}");
        Item.FunctionCall second = call("{}");
        owner(thread).store(run, paused(EXPIRES_AT, first, second));

        requests().submitOutputs(run, "\"42\" \\ 🧵");

        assertThat(outputs(thread)).singleElement().satisfies(submitted -> {
            assertThat(submitted.run()).isEqualTo(run.id());
            assertThat(submitted.outputs())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("item")
                    .containsExactly(output(2, first), output(3, second));
            assertThat(submitted.outputs()).extracting(InboxEntry.Output::item).doesNotHaveDuplicates();
        });
    }

    @Test
    void outputsLeaveInTheAppendThatNamesThem() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter owner = owner(thread);
        owner.store(run, paused(EXPIRES_AT, call("{}")));
        requests().submitOutputs(run, "42");
        InboxEntry.OutputsSubmitted submitted = outputs(thread).getFirst();
        List<RunEvent> events = new ArrayList<>(submitted.outputs().getFirst().events());
        events.add(new RunEvent.OutputsSubmitted());

        owner.send(TestWriter.consuming(owner.next(run, events.toArray(RunEvent[]::new)), submitted.id()));

        assertThat(outputs(thread)).isEmpty();
        assertThat(read(thread)).hasSize(1);
    }

    @Test
    void outputsLeaveWithTheEndOfTheirRun() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        RunKey other = requests().admit(thread, Strategy.CONCURRENT);
        TestWriter owner = owner(thread);
        owner.store(run, paused(EXPIRES_AT, call("{}")));
        owner.store(other, paused(EXPIRES_AT, call("{}")));
        requests().submitOutputs(run, "42");
        requests().submitOutputs(other, "42");

        owner.store(run, new RunEvent.StopRequested(StopCause.EXPIRY), new RunEvent.Expired(Usage.NONE));

        assertThat(outputs(thread)).extracting(InboxEntry.OutputsSubmitted::run).containsExactly(other.id());
    }

    @Test
    void aChangeOfTheThreadLeavesInTheAppendThatNamesIt() {
        ThreadKey thread = requests().newThread();
        ItemId message = requests().addMessage(thread, "Hallo");
        requests().deleteMessage(thread, message);
        var changed = (InboxEntry.ThreadChanged) read(thread).getLast();
        TestWriter owner = owner(thread);

        owner.send(TestWriter.consuming(owner.next(0, List.of(changed.event())), changed.id()));

        assertThat(changed.event()).isEqualTo(new ThreadEvent.ItemDeleted(message, Item.Kind.MESSAGE));
        assertThat(read(thread)).singleElement().isInstanceOf(InboxEntry.ItemAdded.class);
    }

    @Test
    void discardingRemovesThatEntryAndNoOther() {
        ThreadKey thread = requests().newThread();
        requests().addMessage(thread, "one");
        requests().addMessage(thread, "two");
        List<InboxEntry> entries = read(thread);
        claimed(thread, 1);

        inbox().discard(thread, 1, entries.getFirst().id()).block(PATIENCE);
        inbox().discard(thread, 1, entries.getFirst().id()).block(PATIENCE);

        assertThat(read(thread)).isEqualTo(entries.subList(1, 2));
    }

    @Test
    void anOwnerWhoseEpochIsOverDiscardsNothing() {
        ThreadKey thread = requests().newThread();
        RunKey run = requests().admit(thread, Strategy.CONCURRENT);
        requests().askStop(run, StopCause.CLIENT);
        List<InboxEntry> entries = read(thread);
        claimed(thread, 2);

        inbox().discard(thread, 1, entries.getLast().id()).block(PATIENCE);

        assertThat(read(thread)).isEqualTo(entries);
    }

    private TestWriter owner(ThreadKey thread) {
        claimed(thread, 1);
        return new TestWriter(log(), thread, 1);
    }

    private List<InboxEntry.StopAsked> stops(ThreadKey thread) {
        return read(thread).stream()
                .filter(InboxEntry.StopAsked.class::isInstance)
                .map(InboxEntry.StopAsked.class::cast)
                .toList();
    }

    private static InboxEntry.Output output(int index, Item.FunctionCall call) {
        return new InboxEntry.Output(
                index, ItemId.fresh(), 0, new Item.FunctionCallOutput(call.call(), "\"42\" \\ 🧵"));
    }

    private List<InboxEntry.OutputsSubmitted> outputs(ThreadKey thread) {
        return read(thread).stream()
                .filter(InboxEntry.OutputsSubmitted.class::isInstance)
                .map(InboxEntry.OutputsSubmitted.class::cast)
                .toList();
    }

    private List<InboxEntry> read(ThreadKey thread) {
        return read(thread, 0, 100);
    }

    private List<InboxEntry> read(ThreadKey thread, long after, int limit) {
        return inbox().read(thread, after, limit).block(PATIENCE);
    }
}
