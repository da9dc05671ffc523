package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.testing.ResponseGrammar.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of the grammar refuses a stream that is good but for it. */
class ResponseGrammarTests {
    private static final String ERROR = """
            {"type":"error","sequence_number":0,"code":"server_error","message":"m","param":null,
             "error":{"type":"server_error","code":"server_error","message":"m","param":null}}""";

    @Test
    void theWholeStreamIsGood() {
        ResponseGrammar.check(Wire.SSE, SampleStream.whole().sse());
        ResponseGrammar.check(Wire.WEB_SOCKET, SampleStream.whole().events());
    }

    @Test
    void aForegroundResponseIsNeverQueued() {
        var foreground = SampleStream.whole()
                .set(0, "/response/status", "in_progress")
                .drop(1, 2)
                .everywhere(response -> response.put("background", false));

        ResponseGrammar.check(Wire.SSE, foreground.sse());
    }

    @Test
    void aFailureMayBreakOffAnItem() {
        var failed = failed();

        ResponseGrammar.check(Wire.SSE, failed.sse());
        ResponseGrammar.check(Wire.SSE, failed.add(13, ERROR).sse());
        ResponseGrammar.check(Wire.SSE, failed.drop(14, 15).sse());
    }

    @Test
    void anIncompleteItemIsTheLastOneOfAnIncompleteResponse() {
        var incomplete = SampleStream.whole()
                .set(38, "/type", "response.incomplete")
                .set(38, "/response/status", "incomplete")
                .set(38, "/response/completed_at", null)
                .set(38, "/response/incomplete_details", Map.of("reason", "max_output_tokens"))
                .set(37, "/item/status", "incomplete")
                .set(38, "/response/output/4/status", "incomplete");

        ResponseGrammar.check(Wire.SSE, incomplete.sse());

        assertRefused(
                incomplete.set(29, "/item/status", "incomplete").set(38, "/response/output/2/status", "incomplete"),
                "an incomplete item should be the last one");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 14, 28})
    void aCancelledStreamMayEndAnywhere(int events) {
        var stream = new ArrayList<>(SampleStream.whole().drop(events, 39).sse());
        var grammar = new ResponseGrammar(Wire.SSE);
        stream.forEach(grammar::accept);

        grammar.endCancelled();

        assertThatThrownBy(grammar::end).hasMessageContaining("end with a terminal event");
    }

    @Test
    void aCancelledStreamDoesNotComplete() {
        var grammar = new ResponseGrammar(Wire.SSE);
        SampleStream.whole().sse().forEach(grammar::accept);

        assertThatThrownBy(grammar::endCancelled).hasMessageContaining("should not complete");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ofTheStream", "ofSnapshots", "ofItems", "ofParts", "ofFields"})
    void aStreamThatBreaksARuleIsRefused(String sentence, UnaryOperator<SampleStream> change) {
        assertRefused(change.apply(SampleStream.whole()), sentence);
    }

    static Stream<Arguments> ofTheStream() {
        return Stream.of(
                broken("sequence_number should be 0, not 1", s -> s.set(0, "/sequence_number", 1)),
                broken("sequence_number should be 13, not 14", s -> s.set(13, "/sequence_number", 14)),
                broken("sequence_number should be 13, not 12", s -> s.set(13, "/sequence_number", 12)),
                broken("response.queued should come directly behind", s -> s.drop(0, 1)),
                broken("response.created should come once", s -> s.repeat(0, 1)),
                broken("response.created should come once", s -> s.repeat(0, 7)),
                broken("response.queued should come directly behind", s -> s.repeat(1, 2)),
                broken("should come once, behind queued", s -> s.drop(1, 2)),
                broken(
                        "should come of background responses only",
                        s -> s.set(0, "/response/status", "in_progress")
                                .everywhere(response -> response.put("background", false))),
                broken("items should come between response.in_progress and the end", s -> s.drop(2, 3)),
                broken("should come once, behind queued", s -> s.repeat(2, 3)),
                broken("nothing but [DONE] should come behind", s -> s.repeat(38, 39)),
                broken("nothing but [DONE] should come behind", s -> s.add(39, ERROR)),
                broken("items should come between response.in_progress and the end", s -> s.add(12, ERROR)),
                broken("error should come once", s -> s.add(12, ERROR).add(12, ERROR)),
                broken("response.completed should come behind", s -> s.add(38, ERROR)),
                broken("should end with a terminal event", s -> s.drop(38, 39)),
                broken("there should be no stream_id on SSE", s -> s.set(3, "/stream_id", "lane")));
    }

    static Stream<Arguments> ofSnapshots() {
        return Stream.of(
                broken("id, as in response.created", s -> s.set(38, "/response/id", "resp_other")),
                broken("model, as in response.created", s -> s.set(2, "/response/model", "other")),
                broken("metadata, as in response.created", s -> s.set(38, "/response/metadata", Map.of("a", "b"))),
                broken("output should be empty before the end", s -> s.set(2, "/response/output", List.of(Map.of()))),
                broken("usage should be null before the end", s -> s.set(1, "/response/usage", Map.of())),
                broken("status should be queued, not in_progress", s -> s.set(0, "/response/status", "in_progress")),
                broken("status should be queued, not in_progress", s -> s.set(1, "/response/status", "in_progress")),
                broken("status should be in_progress, not queued", s -> s.set(2, "/response/status", "queued")),
                broken(
                        "status should be completed, not incomplete",
                        s -> s.set(38, "/response/status", "incomplete")
                                .set(38, "/response/completed_at", null)
                                .set(38, "/response/incomplete_details", Map.of("reason", "max_output_tokens"))),
                broken("completed_at should not be null", s -> s.set(38, "/response/completed_at", null)),
                broken("completed_at should be null", s -> s.set(0, "/response/completed_at", 1)),
                broken("error should be null", s -> s.set(38, "/response/error", Map.of("code", "server_error"))),
                broken("incomplete_details should be null", s -> s.set(38, "/response/incomplete_details", Map.of())),
                broken("total_tokens should be 15, not 16", s -> s.set(38, "/response/usage/total_tokens", 16)),
                broken(
                        "cache_write_tokens",
                        s -> s.remove(38, "/response/usage/input_tokens_details/cache_write_tokens")),
                broken("reasoning_tokens", s -> s.remove(38, "/response/usage/output_tokens_details/reasoning_tokens")),
                broken("input_tokens in null", s -> s.set(38, "/response/usage", null)),
                broken("service_tier should never be null", s -> s.set(0, "/response/service_tier", null)),
                broken("summary", s -> s.remove(0, "/response/reasoning/summary")),
                broken("output_text is computed by SDKs", s -> s.set(38, "/response/output_text", "Let me see.")),
                broken("the id should begin with resp_", s -> s.everywhere(response -> response.put("id", "run_1"))));
    }

    static Stream<Arguments> ofItems() {
        return Stream.of(
                broken("output_index should be 1, not 2", s -> s.set(10, "/output_index", 2)),
                broken("output_index should be 1, not 0", s -> s.set(10, "/output_index", 0)),
                broken("there is no item with output_index 5", s -> s.set(12, "/output_index", 5)),
                broken("an item's id should be its own", s -> s.set(10, "/item/id", "rs_000000000000000000000001")),
                broken("item_id should be", s -> s.set(12, "/item_id", "msg_other")),
                broken("id, as in output_item.added", s -> s.set(22, "/item/id", "msg_other")),
                broken("name, as in output_item.added", s -> s.set(29, "/item/name", "other")),
                broken("call_id, as in output_item.added", s -> s.set(29, "/item/call_id", "call_9")),
                broken("output[1] should be as in", s -> s.set(38, "/response/output/1/phase", "commentary")),
                broken("the number of items in output", s -> s.set(38, "/response/output", List.of())),
                broken("item 4 should be done before the end", s -> s.drop(37, 38)),
                broken("output_item.done should come once", s -> s.repeat(22, 23)),
                broken("nothing should come of an item behind its", s -> s.repeat(12, 23)),
                broken("the status of an added item", s -> s.set(10, "/item/status", "completed")),
                broken("should not be done as in_progress", s -> s.set(22, "/item/status", "in_progress")),
                broken(
                        "incomplete",
                        s -> s.set(37, "/item/status", "incomplete")
                                .set(38, "/response/output/4/status", "incomplete")),
                broken("the content of an added message should be empty", s -> s.set(10, "/item/content", List.of(1))),
                broken("role should be assistant", s -> s.set(10, "/item/role", "user")),
                broken("arguments of an added call", s -> s.set(23, "/item/arguments", "{")),
                broken(
                        "a call's id should not be its call_id",
                        s -> s.set(23, "/item/call_id", "fc_000000000000000000000003")),
                broken("arguments of the done call", s -> s.set(29, "/item/arguments", "{}")),
                broken("the summary of an added item should be empty", s -> s.set(3, "/item/summary", List.of(1))),
                broken("completed or failed should come in front", s -> s.drop(36, 37)),
                broken("should not come here", s -> s.drop(33, 34)));
    }

    static Stream<Arguments> ofParts() {
        return Stream.of(
                broken("a part should be added first", s -> s.drop(11, 12)),
                broken("content_index should be 0, not 1", s -> s.set(11, "/content_index", 1)),
                broken("content_index should be 0, not 1", s -> s.set(12, "/content_index", 1)),
                broken("content_index should be 1, not 0", s -> s.set(17, "/content_index", 0)),
                broken("summary_index should be 0, not 1", s -> s.set(5, "/summary_index", 1)),
                broken("text of an added part", s -> s.set(11, "/part/text", "Let")),
                broken("refusal of an added part", s -> s.set(17, "/part/refusal", "Not")),
                broken("annotations of an added part", s -> s.set(11, "/part/annotations", List.of(1))),
                broken("text, of its deltas", s -> s.set(15, "/text", "Let me.")),
                broken("refusal, of its deltas", s -> s.set(20, "/refusal", "No.")),
                broken("arguments, of its deltas", s -> s.set(28, "/arguments", "{}")),
                broken("text, of its deltas", s -> s.set(7, "/text", "Thinking")),
                broken("a whole text should come behind a delta", s -> s.drop(12, 15)),
                broken("a whole text should come behind a delta", s -> s.drop(26, 27)),
                broken("should come in front of the end of what it belongs to", s -> s.drop(15, 16)),
                broken("a whole text should come once", s -> s.repeat(15, 16)),
                broken("no delta should come behind an annotation", s -> s.move(13, 14)),
                broken("no delta should come behind the whole text", s -> s.repeat(18, 21)),
                broken("annotations should come between", s -> s.move(14, 15)),
                broken("annotation_index should be 0, not 1", s -> s.set(14, "/annotation_index", 1)),
                broken("annotations should be", s -> s.set(16, "/part/annotations", List.of())),
                broken("the type of the part", s -> s.set(11, "/part/type", "summary_text")),
                broken("text of the done part", s -> s.set(16, "/part/text", "Let me.")),
                broken("a part should be done before the next one", s -> s.drop(16, 17)),
                broken("a part should be done before its item", s -> s.drop(21, 22)),
                broken("content, of its parts", s -> s.set(22, "/item/content/0/text", "Let me.")),
                broken("summary, of its parts", s -> s.set(9, "/item/summary", List.of())),
                broken("a message should have a part", s -> s.drop(11, 22)),
                broken("name should be that of the call", s -> s.set(28, "/name", "time")));
    }

    static Stream<Arguments> ofFields() {
        return Stream.of(
                broken("a member logprobs", s -> s.remove(12, "/logprobs")),
                broken("a member logprobs", s -> s.remove(16, "/part/logprobs")),
                broken("a member name", s -> s.remove(28, "/name")),
                broken("a member item_id", s -> s.remove(24, "/item_id")),
                broken("only the event error has", s -> s.set(12, "/error", null)),
                broken("only deltas have obfuscation", s -> s.set(15, "/obfuscation", "x")),
                broken("no event is called response.cancelled", s -> s.set(38, "/type", "response.cancelled")),
                broken("no event is called heddle:note", s -> s.set(5, "/type", "heddle:note")),
                broken(
                        "no event is called response.reasoning_text.delta",
                        s -> s.set(5, "/type", "response.reasoning_text.delta")),
                broken(
                        "a member message",
                        s -> s.add(12, "{\"type\":\"error\",\"code\":null,\"param\":null,\"error\":{}}")),
                broken("error.message should be", s -> s.add(12, ERROR.replaceFirst("\"m\"", "\"n\""))));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aSnapshotWithoutOneOfItsMembersIsRefused(String key) {
        assertRefused(SampleStream.whole().remove(0, "/response/" + key), "a member " + key);
        assertRefused(SampleStream.whole().remove(38, "/response/" + key), "a member " + key);
    }

    static Stream<String> keys() {
        return ResponseSnapshot.KEYS.stream();
    }

    @Test
    void theNameOfTheFrameIsTheTypeOfItsData() {
        var events = SampleStream.whole().events();
        events.set(
                5, new TestEvent("", "response.output_text.delta", events.get(5).data()));

        assertRefused(Wire.WEB_SOCKET, events, "the line event: should be response.reasoning_summary_text.delta");
    }

    @Test
    void doneIsLastOnSseAndNowhereElse() {
        var events = SampleStream.whole().events();
        var done = new TestEvent("", "", "[DONE]");

        assertRefused(Wire.SSE, events, "the last thing on SSE should be [DONE]");
        assertRefused(Wire.WEB_SOCKET, SampleStream.whole().sse(), "[DONE] should never be sent on a WebSocket");
        assertRefused(Wire.SSE, with(events, new TestEvent("", "done", "[DONE]")), "[DONE] should have no name");
        assertRefused(Wire.SSE, with(with(events, done), done), "nothing should come behind [DONE]");
    }

    @Test
    void aLaneIsNamedByAllEventsOrByNone() {
        var lane = SampleStream.whole();
        for (int i = 0; i < lane.size(); i++) {
            lane.set(i, "/stream_id", "a");
        }
        ResponseGrammar.check(Wire.WEB_SOCKET, lane.events());

        assertRefused(Wire.WEB_SOCKET, lane.set(8, "/stream_id", "b").events(), "stream_id should be \"a\"");
        assertRefused(Wire.WEB_SOCKET, lane.remove(8, "/stream_id").events(), "stream_id should be \"a\"");
    }

    private static SampleStream failed() {
        return SampleStream.whole()
                .drop(13, 38)
                .set(13, "/type", "response.failed")
                .set(13, "/response/status", "failed")
                .set(13, "/response/completed_at", null)
                .set(13, "/response/error", Map.of("code", "server_error", "message", "m"))
                .set(
                        13,
                        "/response/output",
                        List.of(
                                SampleStream.whole().event(9).get("item"),
                                SampleStream.whole().event(10).get("item")));
    }

    private static Arguments broken(String sentence, UnaryOperator<SampleStream> change) {
        return Arguments.of(sentence, change);
    }

    private static void assertRefused(SampleStream stream, String sentence) {
        assertRefused(Wire.SSE, stream.sse(), sentence);
    }

    private static void assertRefused(Wire wire, List<TestEvent> events, String sentence) {
        assertThatThrownBy(() -> ResponseGrammar.check(wire, events))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(sentence);
    }

    private static List<TestEvent> with(List<TestEvent> events, TestEvent last) {
        return Stream.concat(events.stream(), Stream.of(last)).toList();
    }
}
