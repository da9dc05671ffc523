package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** The function calls of an answer, as servers send them. */
class AnswerCallsTests {
    private static final String TWO_CALLS = "0 weather {\"city\":\"Paris\"}, 1 time {}";
    private static final String WEATHER_TWICE = "0 weather {\"a\":{\"b\":1}}, 1 weather {\"a\":\"}\"}";

    private final Answer answer = answer(true);

    @Test
    void textThenTheCallThenItsArgumentsInTheirPieces() {
        var events = read(
                chunk("'role':'assistant','content':'I look.'"),
                calls("{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':''}}"),
                calls("{'index':0,'function':{'arguments':'{\\'city\\''}}"),
                calls("{'index':0,'function':{'arguments':':1}'}}"),
                finish("tool_calls"),
                "[DONE]");

        assertThat(events)
                .startsWith(
                        new ModelEvent.Text("I look."),
                        new ModelEvent.CallBegun(0, "weather"),
                        new ModelEvent.Arguments(0, "{\"city\""),
                        new ModelEvent.Arguments(0, ":1}"))
                .endsWith(new ModelEvent.Finished(FinishReason.TOOL_CALLS))
                .hasSize(6);
    }

    /** What servers send, and the calls that must come of it. */
    static Stream<Arguments> shapes() {
        return Stream.of(
                argumentSet(
                        "OpenAI",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':''}}",
                                "{'index':0,'function':{'arguments':'{\\'city\\':'}}",
                                "{'index':0,'function':{'arguments':'\\'Paris\\'}'}}",
                                "{'index':1,'id':'b','type':'function','function':{'name':'time','arguments':''}}",
                                "{'index':1,'function':{'arguments':'{}'}}")),
                argumentSet(
                        "indexes that begin elsewhere",
                        TWO_CALLS,
                        List.of(
                                "{'index':7,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Paris\\'}'}}",
                                "{'index':3,'id':'b','function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "no index",
                        TWO_CALLS,
                        List.of(
                                "{'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}",
                                "{'function':{'arguments':'\\'Paris\\'}'}}",
                                "{'index':null,'id':'b','function':{'name':'time','arguments':''}}",
                                "{'function':{'arguments':'{}'}}")),
                argumentSet(
                        "id and name in every fragment",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}",
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'\\'Paris\\'}'}}",
                                "{'index':1,'id':'b','function':{'name':'time','arguments':'{'}}",
                                "{'index':1,'id':'b','function':{'name':'time','arguments':'}'}}")),
                argumentSet(
                        "name in every fragment, no id",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'function':{'name':'weather','arguments':'{\\'city\\':'}}",
                                "{'index':0,'function':{'name':'weather','arguments':'\\'Paris\\'}'}}",
                                "{'index':1,'function':{'name':'time','arguments':'{'}}",
                                "{'index':1,'function':{'name':'time','arguments':'}'}}")),
                argumentSet(
                        "whole calls in one chunk",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':\\'Paris\\'}'}},"
                                        + "{'index':1,'id':'b','function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "whole calls in one chunk, no index, no id",
                        TWO_CALLS,
                        List.of("{'function':{'name':'weather','arguments':'{\\'city\\':\\'Paris\\'}'}},"
                                + "{'function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "a new id at the same index",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':''}}",
                                "{'index':0,'function':{'arguments':'{\\'city\\':\\'Paris\\'}'}}",
                                "{'index':0,'id':'b','function':{'name':'time','arguments':''}}",
                                "{'index':0,'function':{'arguments':'{}'}}")),
                argumentSet(
                        "a new name at the same index, no id",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'','function':{'name':'weather','arguments':'{\\'city\\':\\'Paris\\'}'}}",
                                "{'index':0,'id':'','function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "the same name at the same index, no id",
                        WEATHER_TWICE,
                        List.of(
                                "{'index':0,'function':{'name':'weather','arguments':'{\\'a\\':{\\'b\\':1}}'}}",
                                "{'index':0,'function':{'name':'weather','arguments':'{\\'a\\':\\'}\\'}'}}")),
                argumentSet(
                        "fragments in turn",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':''}},"
                                        + "{'index':1,'id':'b','function':{'name':'time','arguments':''}}",
                                "{'index':1,'function':{'arguments':'{'}}",
                                "{'index':0,'function':{'arguments':'{\\'city\\':'}}",
                                "{'index':1,'function':{'arguments':'}'}},{'index':0,'function':{'arguments':'\\'Paris\\'}'}}")),
                argumentSet(
                        "fragments in turn at the same index",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}",
                                "{'index':0,'id':'b','function':{'name':'time','arguments':'{'}}",
                                "{'index':0,'id':'a','function':{'arguments':'\\'Paris\\'}'}}",
                                "{'index':0,'id':'b','function':{'arguments':'}'}}")),
                argumentSet(
                        "members in any order, some null",
                        TWO_CALLS,
                        List.of(
                                "{'function':{'arguments':'{\\'city\\':','name':'weather'},'type':null,'id':'a','index':0}",
                                "{'function':{'name':null,'arguments':'\\'Paris\\'}'},'id':null,'index':0,'extra':[{}]}",
                                "{'id':'b','index':1,'function':null},{'index':1,'function':{'name':'time','arguments':null}}",
                                "{'function':{'arguments':'{}'},'index':1}")),
                argumentSet(
                        "arguments before the name",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'function':{'arguments':'{\\'city\\':'}}",
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'\\'Paris\\'}'}}",
                                "{'index':1,'id':'b','function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "a name that changes",
                        TWO_CALLS,
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather','arguments':'{\\'city\\':'}}",
                                "{'index':0,'function':{'name':'_of','arguments':'\\'Paris\\'}'}}",
                                "{'index':1,'id':'b','function':{'name':'time','arguments':'{}'}}")),
                argumentSet(
                        "no arguments at all",
                        "0 weather , 1 time ",
                        List.of(
                                "{'index':0,'id':'a','function':{'name':'weather'}}",
                                "{'index':1,'id':'b','function':{'name':'time','arguments':''}}")));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void callsAreTheSameInWhateverShapeTheyCome(String calls, List<String> fragments) {
        var chunks = Stream.concat(
                fragments.stream().map(AnswerCallsTests::calls), Stream.of(finish("tool_calls"), "[DONE]"));

        var events = read(chunks.toArray(String[]::new));

        assertThat(callsIn(events)).isEqualTo(calls);
        assertThat(events).endsWith(new ModelEvent.Finished(FinishReason.TOOL_CALLS));
    }

    @Test
    void textComesBeforeTheCallsOfItsChunkAndOtherChoicesAreNotRead() {
        var call = "'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]";

        var events = read(
                "{'choices':[{'delta':{" + call + "},'index':1},{'delta':{" + call + ",'content':'x'},'index':0}]}");

        assertThat(events)
                .containsExactly(
                        new ModelEvent.Text("x"), new ModelEvent.CallBegun(0, "f"), new ModelEvent.Arguments(0, "{}"));
    }

    @Test
    void argumentsAreMadeFitToBeStoredEachCallForItself() {
        var events = read(
                calls("{'index':0,'id':'a','function':{'name':'f','arguments':'\\u0000\\ud83e'}}"),
                calls("{'index':1,'id':'b','function':{'name':'g\\u0000','arguments':'\\ud83e'}}"),
                calls("{'index':0,'function':{'arguments':'\\uddf5'}}"),
                finish("tool_calls"),
                "[DONE]");

        assertThat(callsIn(events)).isEqualTo("0 f \uFFFD🧵, 1 g\uFFFD \uFFFD");
    }

    @ParameterizedTest
    @CsvSource({
        "tool_calls, TOOL_CALLS",
        "function_call, TOOL_CALLS",
        "tool_use, TOOL_CALLS",
        "stop, TOOL_CALLS",
        "length, MAX_TOKENS",
        "content_filter, CONTENT_FILTER"
    })
    void whyAnAnswerWithCallsEnds(String name, FinishReason reason) {
        var events =
                read(calls("{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}"), finish(name), "[DONE]");

        assertThat(events).endsWith(new ModelEvent.Finished(reason));
    }

    @Test
    void whatIsCutShortMayEndBeforeTheName() {
        var events = read(calls("{'index':0,'id':'a','function':{'arguments':'{'}}"), finish("length"), "[DONE]");

        assertThat(callsIn(events)).isEmpty();
        assertThat(events).endsWith(new ModelEvent.Finished(FinishReason.MAX_TOKENS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool_calls", "stop"})
    void aCallThatIsNeverNamedFails(String reason) {
        var call = calls("{'index':0,'id':'a','function':{'name':'','arguments':'{}'}}");

        assertThatThrownBy(() -> read(call, finish(reason), "[DONE]")).hasMessageContaining("without naming it");
    }

    @Test
    void whatComesBeforeANameIsBounded() {
        var arguments = calls("{'index':0,'function':{'arguments':'" + "x".repeat(4_000) + "'}}");

        assertThatThrownBy(() -> read(arguments, arguments, arguments)).hasMessageContaining("without naming it");
    }

    @Test
    void toolCallsWithoutAnyCallFail() {
        assertThatThrownBy(() -> read(chunk("'content':'x','tool_calls':[]"), finish("tool_calls"), "[DONE]"))
                .hasMessageContaining("asked for none");
    }

    @Test
    void moreThan128CallsFail() {
        var most = IntStream.range(0, 128).mapToObj(AnswerCallsTests::numbered).toArray(String[]::new);

        assertThat(read(most)).hasSize(128);
        assertThatThrownBy(() -> read(numbered(128))).hasMessageContaining("more than 128 functions");
    }

    @Test
    void theOldWayOfCallingFails() {
        assertThatThrownBy(() -> read(chunk("'content':'x','function_call':{'name':'f','arguments':'{}'}")))
                .hasMessageContaining("function_call");
    }

    @Test
    void callsThatNobodyOfferedFailAfterTheTextOfTheirChunk() {
        var data = sse(chunk("'tool_calls':[{'index':0,'id':'a','function':{'name':'f'}}],'content':'x'"));
        var events = new ArrayList<ModelEvent>();

        var read = answer(false).read(Unpooled.copiedBuffer(data, UTF_8));

        assertThatThrownBy(() -> read.forEach(events::add)).hasMessageContaining("none was offered");
        assertThat(events).containsExactly(new ModelEvent.Text("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "{'function':7}",
                "{'function':{'name':7}}",
                "{'function':{'arguments':{}}}",
                "{'id':[]}"
            })
    void malformedCallsFail(String call) {
        assertThatThrownBy(() -> read(calls(call))).hasMessageContaining("can not be understood");
    }

    private static Answer answer(boolean mayCall) {
        var silence = new Silence(UpstreamSettings.Timeouts.DEFAULTS, Schedulers.parallel());
        return new Answer(silence, new ErrorReader(""), 20_000, mayCall, false);
    }

    /** Number, name and arguments of each call, by number. */
    private static String callsIn(List<ModelEvent> events) {
        var calls = new TreeMap<Integer, String>();
        for (var event : events) {
            if (event instanceof ModelEvent.CallBegun(int call, String function)) {
                assertThat(call).isEqualTo(calls.size());
                calls.put(call, call + " " + function + " ");
            } else if (event instanceof ModelEvent.Arguments(int call, String piece)) {
                assertThat(piece).isNotEmpty();
                calls.computeIfPresent(call, (_, known) -> known + piece);
            }
        }
        return String.join(", ", calls.values());
    }

    private List<ModelEvent> read(String... data) {
        var events = new ArrayList<ModelEvent>();
        answer.read(Unpooled.copiedBuffer(sse(data), UTF_8)).forEach(events::add);
        return events;
    }

    private static String numbered(int i) {
        return calls("{'index':" + i + ",'id':'c" + i + "','function':{'name':'f'}}");
    }

    private static String calls(String fragments) {
        return chunk("'tool_calls':[" + fragments + "]");
    }

    private static String chunk(String delta) {
        return "{'choices':[{'index':0,'delta':{" + delta + "},'finish_reason':null}]}";
    }

    private static String finish(String reason) {
        return "{'choices':[{'index':0,'delta':{},'finish_reason':'" + reason + "'}]}";
    }

    /** A quote with a backslash stands for one inside a string. */
    private static String sse(String... data) {
        return "data: " + String.join("\n\ndata: ", data).replace('\'', '"') + "\n\n";
    }
}
