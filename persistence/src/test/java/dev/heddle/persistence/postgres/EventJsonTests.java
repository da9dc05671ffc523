package dev.heddle.persistence.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.NodeId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.ThreadId;
import dev.heddle.streaming.run.Usage;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The spelling of events is for ever: what a log holds must be readable by every later version. */
class EventJsonTests {
    private static final RunId RUN = new RunId(UUID.fromString("0199a0b1-0000-7000-8000-000000000001"));
    private static final ItemId ITEM = new ItemId(UUID.fromString("0199a0b1-0000-7000-8000-000000000002"));
    private static final ItemId OTHER = new ItemId(UUID.fromString("0199a0b1-0000-7000-8000-000000000003"));
    private static final NodeId NODE = new NodeId(UUID.fromString("0199a0b1-0000-7000-8000-000000000004"));
    private static final Usage USAGE = new Usage(7, 5);
    private static final Item.Message NOTHING = new Item.Message(Role.ASSISTANT, List.of());
    private static final Item.Message ANSWER = Item.Message.of(Role.ASSISTANT, "Hi");
    private static final Item.FunctionCall CALL = new Item.FunctionCall(new CallId("call_1"), "sum", "{}");
    private static final String CALL_JSON = "{'type':'function_call','call':'call_1','name':'sum','arguments':'{}'}";

    static Stream<Arguments> eventsOfRuns() {
        return Stream.of(
                Arguments.of(new RunEvent.Admitted(), "{'e':'admitted'}"),
                Arguments.of(
                        new RunEvent.Started(Instant.ofEpochMilli(1_700_000_000_123L)),
                        "{'e':'started','expires':1700000000123}"),
                Arguments.of(
                        new RunEvent.ActionRequired(List.of(CALL)),
                        "{'e':'action_required','calls':[" + CALL_JSON + "]}"),
                Arguments.of(new RunEvent.OutputsSubmitted(), "{'e':'outputs_submitted'}"),
                Arguments.of(new RunEvent.Resumed(), "{'e':'resumed'}"),
                Arguments.of(
                        new RunEvent.StopRequested(StopCause.LATER_RUN), "{'e':'stop_requested','cause':'later_run'}"),
                Arguments.of(new RunEvent.ModelCallStarted(2), "{'e':'call_started','call':2}"),
                Arguments.of(
                        new RunEvent.ModelCallEnded(2, USAGE), "{'e':'call_ended','call':2,'prompt':7,'completion':5}"),
                Arguments.of(
                        new RunEvent.ItemOpened(1, ITEM, 2, NOTHING),
                        "{'e':'item_opened','i':1,'id':'0199a0b1-0000-7000-8000-000000000002','call':2,"
                                + "'item':{'type':'message','role':'assistant','content':[]}}"),
                Arguments.of(
                        new RunEvent.TextAppended(1, ITEM, "Hi"),
                        "{'e':'text','i':1,'id':'0199a0b1-0000-7000-8000-000000000002','t':'Hi'}"),
                Arguments.of(
                        new RunEvent.ReasoningAppended(1, ITEM, "Hm"),
                        "{'e':'reasoning','i':1,'id':'0199a0b1-0000-7000-8000-000000000002','t':'Hm'}"),
                Arguments.of(
                        new RunEvent.ArgumentsAppended(1, ITEM, "Hi"),
                        "{'e':'arguments','i':1,'id':'0199a0b1-0000-7000-8000-000000000002','t':'Hi'}"),
                Arguments.of(
                        new RunEvent.ItemOpened(2, ITEM, 0, CALL),
                        "{'e':'item_opened','i':2,'id':'0199a0b1-0000-7000-8000-000000000002','call':0,'item':"
                                + CALL_JSON + "}"),
                Arguments.of(
                        new RunEvent.ItemClosed(
                                3,
                                ITEM,
                                ItemStatus.COMPLETED,
                                new Item.FunctionCallOutput(new CallId("call_1"), "42"),
                                Usage.NONE),
                        "{'e':'item_closed','i':3,'id':'0199a0b1-0000-7000-8000-000000000002','prompt':0,"
                                + "'completion':0,'status':'completed','item':{'type':'function_call_output',"
                                + "'call':'call_1','output':'42'}}"),
                Arguments.of(
                        new RunEvent.ItemClosed(1, ITEM, ItemStatus.MAX_TOKENS, ANSWER, USAGE),
                        "{'e':'item_closed','i':1,'id':'0199a0b1-0000-7000-8000-000000000002','prompt':7,"
                                + "'completion':5,'status':'max_tokens','item':{'type':'message','role':'assistant',"
                                + "'content':[{'type':'text','text':'Hi'}]}}"),
                Arguments.of(new RunEvent.Completed(USAGE), "{'e':'completed','prompt':7,'completion':5}"),
                Arguments.of(
                        new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, USAGE),
                        "{'e':'incomplete','reason':'content_filter','prompt':7,'completion':5}"),
                Arguments.of(
                        new RunEvent.Failed(RunFailure.serverError("Oh"), USAGE),
                        "{'e':'failed','code':'server_error','message':'Oh','prompt':7,'completion':5}"),
                Arguments.of(
                        new RunEvent.Cancelled(StopCause.CLIENT, USAGE),
                        "{'e':'cancelled','cause':'client','prompt':7,'completion':5}"),
                Arguments.of(
                        new RunEvent.Completed(new Usage(7, 5, 3, 2)),
                        "{'e':'completed','prompt':7,'completion':5,'cached':3,'reasoning':2}"),
                Arguments.of(new RunEvent.Expired(USAGE), "{'e':'expired','prompt':7,'completion':5}"));
    }

    static Stream<Arguments> eventsOfThreads() {
        return Stream.of(
                Arguments.of(
                        new ThreadEvent.ItemAdded(ITEM, Item.Message.of(Role.USER, "Hi")),
                        "{'e':'message_added','id':'0199a0b1-0000-7000-8000-000000000002',"
                                + "'item':{'type':'message','role':'user','content':[{'type':'text','text':'Hi'}]}}"),
                Arguments.of(
                        new ThreadEvent.OwnerChanged(NODE, 3),
                        "{'e':'owner_changed','node':'0199a0b1-0000-7000-8000-000000000004','epoch':3}"),
                Arguments.of(
                        new ThreadEvent.ItemDeleted(ITEM, Item.Kind.MESSAGE),
                        "{'e':'message_deleted','id':'0199a0b1-0000-7000-8000-000000000002'}"),
                Arguments.of(
                        new ThreadEvent.ItemDeleted(ITEM, Item.Kind.FUNCTION_CALL),
                        "{'e':'message_deleted','id':'0199a0b1-0000-7000-8000-000000000002','kind':'function_call'}"),
                Arguments.of(
                        new ThreadEvent.TurnsWithdrawn(List.of(2L, 5_000_000_000L)),
                        "{'e':'turns_withdrawn','turns':[2,5000000000]}"),
                Arguments.of(
                        new ThreadEvent.TurnsImported(new ThreadId(NODE.value()), 3, 5_000_000_000L),
                        "{'e':'turns_imported','from':'0199a0b1-0000-7000-8000-000000000004','first':3,"
                                + "'last':5000000000}"));
    }

    @ParameterizedTest
    @MethodSource("eventsOfRuns")
    void anEventOfARunIsSpeltSoForEver(RunEvent event, String spelling) {
        assertThat(text(List.of(event))).isEqualTo(row(spelling));
        assertThat(EventJson.readRun(row(spelling).getBytes(UTF_8), RUN, 4))
                .containsExactly(new ThreadEvent.OfRun(RUN, 4, event));
    }

    @ParameterizedTest
    @MethodSource("eventsOfThreads")
    void anEventOfAThreadIsSpeltSoForEver(ThreadEvent event, String spelling) {
        assertThat(new String(written(List.of(event)), UTF_8)).isEqualTo(row(spelling));
        assertThat(EventJson.readThread(row(spelling).getBytes(UTF_8))).containsExactly(event);
    }

    @Test
    void everyKindOfEventIsInTheseTables() {
        assertThat(Set.copyOf(kinds(eventsOfRuns()))).containsExactlyInAnyOrderElementsOf(records(RunEvent.class));
        assertThat(Stream.concat(kinds(eventsOfThreads()).stream(), Stream.of(ThreadEvent.OfRun.class))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(records(ThreadEvent.class));
    }

    @Test
    void aRowOfAllEventsIsReadAsItWas() {
        List<RunEvent> events =
                eventsOfRuns().map(row -> (RunEvent) row.get()[0]).toList();

        assertThat(readBack(events)).isEqualTo(events);
    }

    @Test
    void everyConstantIsReadAsItWas() {
        var events = Stream.of(
                        Arrays.stream(StopCause.values()).map(RunEvent.StopRequested::new),
                        Arrays.stream(StopCause.values()).map(cause -> new RunEvent.Cancelled(cause, USAGE)),
                        Arrays.stream(IncompleteReason.values()).map(reason -> new RunEvent.Incomplete(reason, USAGE)),
                        Arrays.stream(RunFailure.Code.values())
                                .map(code -> new RunEvent.Failed(new RunFailure(code, ""), USAGE)),
                        Arrays.stream(ItemStatus.values())
                                .map(status -> new RunEvent.ItemClosed(0, ITEM, status, ANSWER, USAGE)))
                .flatMap(kind -> kind.map(RunEvent.class::cast))
                .toList();

        assertThat(readBack(events)).isEqualTo(events);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\\/\b\f\n\r\t",
                "\u0000\u001F\u007F\uFFFF",
                "\u2028\u2029",
                "Grüße 🧵 漢字",
                "half \uD83E",
                "\uDDF5 a character",
                "{'e':'text'}"
            })
    void anyTextIsReadAsItWas(String text) {
        List<RunEvent> events = List.of(
                new RunEvent.TextAppended(0, ITEM, text),
                new RunEvent.ArgumentsAppended(0, ITEM, text),
                new RunEvent.ActionRequired(List.of(new Item.FunctionCall(new CallId("call_1"), "sum", text))),
                new RunEvent.ItemClosed(
                        0, ITEM, ItemStatus.COMPLETED, Item.Message.of(Role.ASSISTANT, text), Usage.NONE));

        assertThat(readBack(events)).isEqualTo(events);
    }

    @Test
    void aPictureIsReadAsItWas() {
        var parts = Arrays.stream(Content.Detail.values())
                .<Content>map(detail -> new Content.ImageUrl("https://example.com/a.png", detail))
                .toList();
        var message = new ThreadEvent.ItemAdded(ITEM, new Item.Message(Role.USER, parts));

        assertThat(EventJson.readThread(written(List.of(message)))).containsExactly(message);
    }

    @Test
    void textNamesItsItemOnceARow() {
        List<RunEvent> events = List.of(
                new RunEvent.TextAppended(0, ITEM, "a"),
                new RunEvent.TextAppended(0, ITEM, "b"),
                new RunEvent.TextAppended(0, ITEM, "c"));

        assertThat(text(events))
                .isEqualTo(
                        "[{'e':'text','i':0,'id':'%s','t':'a'},{'e':'text','i':0,'t':'b'},{'e':'text','i':0,'t':'c'}]"
                                .formatted(ITEM)
                                .replace('\'', '"'));
        assertThat(readBack(events)).isEqualTo(events);
    }

    @Test
    void argumentsNameTheirItemOnceARow() {
        List<RunEvent> events = List.of(
                new RunEvent.ArgumentsAppended(0, ITEM, "a"),
                new RunEvent.ArgumentsAppended(0, ITEM, "b"),
                new RunEvent.TextAppended(0, ITEM, "c"));

        assertThat(text(events))
                .isEqualTo(("[{'e':'arguments','i':0,'id':'%s','t':'a'},{'e':'arguments','i':0,'t':'b'},"
                                + "{'e':'text','i':0,'t':'c'}]")
                        .formatted(ITEM)
                        .replace('\'', '"'));
        assertThat(readBack(events)).isEqualTo(events);
    }

    @Test
    void textOfSeveralItemsIsNeverTakenForAnother() {
        List<RunEvent> events = List.of(
                new RunEvent.TextAppended(0, ITEM, "a"),
                new RunEvent.TextAppended(1, OTHER, "b"),
                new RunEvent.TextAppended(0, ITEM, "c"),
                new RunEvent.ArgumentsAppended(1, OTHER, "d"),
                new RunEvent.TextAppended(0, OTHER, "e"),
                new RunEvent.TextAppended(0, OTHER, "f"),
                new RunEvent.TextAppended(0, ITEM, "g"));

        assertThat(readBack(events)).isEqualTo(events);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'e':'unheard_of'}",
                "{'e':'text','i':0,'t':'of no item'}",
                "{'e':'arguments','i':0,'t':'of no item'}",
                "{'e':'started'}"
            })
    void whatNoVersionHasWrittenIsNotRead(String spelling) {
        assertThatThrownBy(() -> EventJson.readRun(row(spelling).getBytes(UTF_8), RUN, 0))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> EventJson.readThread(row(spelling).getBytes(UTF_8)))
                .isInstanceOf(RuntimeException.class);
    }

    private static List<RunEvent> readBack(List<RunEvent> events) {
        return EventJson.readRun(bytes(events), RUN, 0).stream()
                .map(event -> ((ThreadEvent.OfRun) event).event())
                .toList();
    }

    private static String text(List<RunEvent> events) {
        return new String(bytes(events), UTF_8);
    }

    private static byte[] bytes(List<RunEvent> events) {
        return written(events.stream()
                .<ThreadEvent>map(event -> new ThreadEvent.OfRun(RUN, 0, event))
                .toList());
    }

    private static byte[] written(List<ThreadEvent> events) {
        var json = new JsonBytes(16);
        EventJson.write(
                events.stream()
                        .map(event -> new LoggedEvent(1, 1, Instant.EPOCH, event))
                        .toList(),
                json);
        var buffer = Unpooled.buffer();
        json.writeTo(buffer);
        return ByteBufUtil.getBytes(buffer);
    }

    /** A row of one event; spelt with single quotes here, for the eye. */
    private static String row(String event) {
        return "[" + event.replace('\'', '"') + "]";
    }

    private static List<Class<?>> kinds(Stream<Arguments> table) {
        return table.<Class<?>>map(row -> row.get()[0].getClass()).toList();
    }

    private static List<Class<?>> records(Class<?> sealed) {
        return sealed.isSealed()
                ? Arrays.stream(sealed.getPermittedSubclasses())
                        .flatMap(kind -> records(kind).stream())
                        .distinct()
                        .<Class<?>>map(kind -> kind)
                        .toList()
                : List.of(sealed);
    }
}
