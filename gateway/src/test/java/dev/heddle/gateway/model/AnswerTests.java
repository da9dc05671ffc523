package dev.heddle.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Usage;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class AnswerTests {
    private static final String FINISH = "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}";

    private Answer answer = answer(false);

    @Test
    void textsThenUsageThenTheEnd() {
        var events = read(
                "{'id':'1','choices':[{'index':0,'delta':{'role':'assistant','content':''},'finish_reason':null}]}",
                "{'id':'1','choices':[{'index':0,'delta':{'content':'Hello'},'logprobs':null,'finish_reason':null}]}",
                "{'id':'1','choices':[{'index':0,'delta':{'content':', you'},'finish_reason':null}],'usage':null}",
                FINISH,
                "{'id':'1','choices':[],'usage':{'prompt_tokens':7,'completion_tokens':2,'total_tokens':9,'details':{'a':[1]}}}",
                "[DONE]");

        assertThat(events)
                .containsExactly(
                        new ModelEvent.Text("Hello"),
                        new ModelEvent.Text(", you"),
                        new ModelEvent.Used(new Usage(7, 2)),
                        new ModelEvent.Finished(FinishReason.STOP));
        assertThat(answer.isWhole()).isTrue();
    }

    @Test
    void nothingAfterTheEndCounts() {
        read(FINISH, "[DONE]");

        assertThat(read("{'choices':[{'delta':{'content':'late'}}]}", "not json"))
                .isEmpty();
    }

    @Test
    void theLastUsageCounts() {
        var events = read(
                "{'choices':[],'usage':{'prompt_tokens':7,'completion_tokens':1}}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],'usage':{'completion_tokens':2,'prompt_tokens':8}}",
                "[DONE]");

        assertThat(events).contains(new ModelEvent.Used(new Usage(8, 2)));
    }

    @Test
    void whoCountsNothingHasUsedNothing() {
        assertThat(read(FINISH, "[DONE]")).contains(new ModelEvent.Used(Usage.NONE));
    }

    @Test
    void onlyTheFirstChoiceIsRead() {
        var events = read(
                "{'choices':[{'index':1,'delta':{'content':'no'}},{'delta':{'content':'yes'},'index':0}]}",
                "{'choices':[{'delta':{'content':'no'},'finish_reason':'length','index':1}]}",
                "{'choices':[{'delta':{'content':' too'}}]}");

        assertThat(events).containsExactly(new ModelEvent.Text("yes"), new ModelEvent.Text(" too"));
    }

    @Test
    void aRefusalIsText() {
        assertThat(read("{'choices':[{'index':0,'delta':{'content':null,'refusal':'I can not.'}}]}"))
                .containsExactly(new ModelEvent.Text("I can not."));
    }

    @Test
    void textIsMadeFitToBeStored() {
        var events = read(
                "{'choices':[{'delta':{'content':'a\\u0000\\ud83e'}}]}",
                "{'choices':[{'delta':{'content':'\\uddf5\\ud83e'}}]}",
                FINISH,
                "[DONE]");

        assertThat(events)
                .startsWith(new ModelEvent.Text("a\uFFFD"), new ModelEvent.Text("🧵"), new ModelEvent.Text("\uFFFD"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'index':0,'delta':{'content':'x','tool_calls':null,'function_call':null}}]}",
                "{'choices':[{'index':0,'delta':{'content':'x','tool_calls':[]},'finish_reason':''}]}",
                "{'error':null,'choices':[{'index':0,'delta':{'reasoning_content':'hm','content':'x'}}]}",
                " {'choices':[{'index':0,'delta':{'content':'x','a':{'b':[[{}]]}},'content_filter_results':{}}]} ",
            })
    void whatServersAddIsPassedOver(String chunk) {
        assertThat(read(chunk)).containsExactly(new ModelEvent.Text("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':null}",
                "{'choices':[{'index':0,'delta':null}]}",
                "{'choices':[],'prompt_filter_results':[{}]}",
                "{'usage':null}",
                "{}",
                ""
            })
    void aChunkMaySayNothing(String chunk) {
        assertThat(read(chunk)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "eos_token, STOP",
        "length, MAX_TOKENS",
        "model_length, MAX_TOKENS",
        "content_filter, CONTENT_FILTER"
    })
    void finishReasons(String name, FinishReason reason) {
        assertThat(read("{'choices':[{'index':0,'delta':{},'finish_reason':'" + name + "'}]}", "[DONE]"))
                .endsWith(new ModelEvent.Finished(reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'name':'f'}}]}}]}",
                "{'choices':[{'index':0,'delta':{'function_call':{'name':'f'}}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'function_call'}]}",
            })
    void toolsAreNotOfferedSoNoneMayBeCalled(String chunk) {
        assertThatThrownBy(() -> read(chunk)).hasMessageContaining("asked for a tool");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'index':0,'delta':{'content':'x'}}",
                "{'choices':[{'index':0,'delta':{'content':'x'}}]}}",
                "{'choices':[]}{'choices':[]}",
                "{'choices':{'index':0}}",
                "{'choices':[{'index':0,'delta':{'content':['x']}}]}",
                "{'choices':[{'index':'0'}]}",
                "{'choices':[7]}",
                "[]",
                "7",
                "null",
                "nonsense",
                "[DONE"
            })
    void malformedChunksFail(String chunk) {
        assertThatThrownBy(() -> read(chunk))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("can not be understood");
    }

    @Test
    void anUnknownFinishReasonFails() {
        assertThatThrownBy(() -> read("{'choices':[{'delta':{},'finish_reason':'abort'}]}"))
                .hasMessageContaining("abort");
    }

    @Test
    void doneWithoutFinishReasonFails() {
        assertThatThrownBy(() -> read("{'choices':[{'delta':{'content':'x'},'finish_reason':null}]}", "[DONE]"))
                .hasMessageContaining("without saying why");
    }

    @Test
    void textOfTheSameReadComesBeforeTheFailure() {
        var read = answer.read(
                Unpooled.copiedBuffer(sse("{'choices':[{'delta':{'content':'x'}}]}", "{'error':'broken'}"), UTF_8));
        var events = new ArrayList<ModelEvent>();

        assertThat(read.isFailed()).isTrue();
        assertThatThrownBy(() -> read.forEach(events::add)).hasMessageContaining("broken");
        assertThat(events).containsExactly(new ModelEvent.Text("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'reasoning_content':'hm'}",
                "{'reasoning':'hm','content':null}",
                "{'reasoning_content':'hm','reasoning':'hm'}",
                "{'reasoning':'hm','reasoning_content':'hm'}",
                "{'reasoning':'hm','reasoning_content':'','reasoning_details':[{'text':'hm'}]}",
            })
    void reasoningHasTwoNamesAndIsToldOnce(String delta) {
        answer = answer(true);

        assertThat(read("{'choices':[{'index':0,'delta':" + delta + "}]}"))
                .containsExactly(new ModelEvent.Reasoning("hm"));
    }

    @Test
    void reasoningOfAChunkComesBeforeItsText() {
        answer = answer(true);

        assertThat(read("{'choices':[{'delta':{'content':'x','reasoning':'hm'}}]}"))
                .containsExactly(new ModelEvent.Reasoning("hm"), new ModelEvent.Text("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'reasoning':{'a':'b'}}", "{'reasoning_content':null}", "{'reasoning':['x']}", "{'reasoning':7}"
            })
    void whatIsNoTextIsNoReasoning(String delta) {
        answer = answer(true);

        assertThat(read("{'choices':[{'index':0,'delta':" + delta + "}]}", FINISH))
                .isEmpty();
    }

    @Test
    void reasoningIsMadeFitToBeStoredApartFromTheText() {
        answer = answer(true);

        var events = read(
                "{'choices':[{'delta':{'reasoning':'a\\u0000\\ud83e'}}]}",
                "{'choices':[{'delta':{'content':'\\uddf5b'}}]}",
                "{'choices':[{'delta':{'reasoning':'\\ud83e'}}]}",
                "{'choices':[{'delta':{'reasoning':'\\uddf5\\ud83e'}}]}",
                FINISH,
                "[DONE]");

        assertThat(events)
                .startsWith(
                        new ModelEvent.Reasoning("a\uFFFD"),
                        new ModelEvent.Reasoning("\uFFFD"),
                        new ModelEvent.Text("\uFFFDb"),
                        new ModelEvent.Reasoning("🧵"),
                        new ModelEvent.Reasoning("\uFFFD"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'prompt_tokens_details':{'cached_tokens':5},'completion_tokens_details':{'reasoning_tokens':1} | 5 | 1
            'completion_tokens_details':{'reasoning_tokens':1,'x':{}},'prompt_tokens_details':null         | 0 | 1
            'prompt_tokens_details':{'audio_tokens':3,'cached_tokens':null},'completion_tokens_details':[] | 0 | 0
            """)
    void usageHasDetails(String details, long cached, long reasoning) {
        var events = read(
                FINISH, "{'choices':[],'usage':{'prompt_tokens':7," + details + ",'completion_tokens':2}}", "[DONE]");

        assertThat(events).contains(new ModelEvent.Used(new Usage(7, 2, cached, reasoning)));
    }

    private static Answer answer(boolean tellsReasoning) {
        var silence = new Silence(UpstreamSettings.Timeouts.DEFAULTS, Schedulers.parallel());
        return new Answer(silence, new ErrorReader(""), 10_000, false, tellsReasoning);
    }

    private List<ModelEvent> read(String... data) {
        var events = new ArrayList<ModelEvent>();
        answer.read(Unpooled.copiedBuffer(sse(data), UTF_8)).forEach(events::add);
        return events;
    }

    private static String sse(String... data) {
        return "data: " + String.join("\n\ndata: ", data).replace('\'', '"') + "\n\n";
    }
}
