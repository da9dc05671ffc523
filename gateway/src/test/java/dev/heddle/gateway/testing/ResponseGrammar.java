package dev.heddle.gateway.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The order in which the events of one response may come, and what they must say of each other:
 *
 * <pre>
 * stream   := created [queued] in_progress item* terminal      (queued exactly in the background)
 * terminal := completed | incomplete | failed | error failed | error
 * item     := output_item.added body output_item.done          (items interleave, see {@link ItemGrammar})
 * </pre>
 *
 * <p>Numbers count from 0 by one over all events; the response keeps its id and what it was asked for; what the terminal
 * event shows is what the items' last events showed. On SSE {@code [DONE]} is last, on a WebSocket it is never sent. Every
 * method throws an {@link AssertionError} that names the rule.
 */
public final class ResponseGrammar {
    /** What the events came over. */
    public enum Wire {
        SSE,
        WEB_SOCKET
    }

    private enum Phase {
        BEFORE,
        CREATED,
        QUEUED,
        RUNNING,
        ERROR,
        ENDED,
        DONE
    }

    private static final Set<String> CHANGING =
            Set.of("status", "completed_at", "error", "incomplete_details", "output", "usage", "service_tier");

    private final Wire wire;
    private final List<ItemGrammar> items = new ArrayList<>();
    private final Set<String> itemIds = new HashSet<>();
    private Phase phase = Phase.BEFORE;
    private JsonNode created = MissingNode.getInstance();
    private JsonNode last = MissingNode.getInstance();
    private @Nullable JsonNode lane;
    private boolean over;
    private long count;

    public ResponseGrammar(Wire wire) {
        this.wire = wire;
    }

    /** Holds a whole stream to the rules. */
    public static void check(Wire wire, List<TestEvent> events) {
        var grammar = new ResponseGrammar(wire);
        events.forEach(grammar::accept);
        grammar.end();
    }

    /** The next event, {@code [DONE]} included. */
    public void accept(TestEvent event) {
        Violation.unless(phase != Phase.DONE, "nothing should come behind [DONE]");
        if (event.data().equals("[DONE]")) {
            done(event);
            return;
        }
        Violation.unless(phase != Phase.ENDED, "nothing but [DONE] should come behind the terminal event");
        JsonNode json = event.json();
        ResponseEventFields.check(json);
        String type = Violation.text(json, "type");
        Violation.unlessSame(event.event(), type, "the line event:");
        Violation.unless(event.id().isEmpty(), "there should be no line id:");
        checkLane(json);
        Violation.unlessSame(Violation.number(json, "sequence_number"), count++, "sequence_number");
        accept(type, json);
    }

    /** The connection has ended: the response must have, too. */
    public void end() {
        var complete = wire == Wire.SSE ? Phase.DONE : Phase.ENDED;
        Violation.unless(over, "the stream should end with a terminal event");
        Violation.unless(phase == complete, "the last thing on SSE should be [DONE]");
    }

    /** The connection has ended after a cancel, for which there is no event. */
    public void endCancelled() {
        Violation.unless(phase != Phase.BEFORE, "a cancelled stream should have begun");
        Violation.unless(!lastStatus().equals("completed"), "a cancelled response should not complete");
        Violation.unless(wire != Wire.SSE || phase == Phase.DONE, "the last thing on SSE should be [DONE]");
    }

    /** The last snapshot of the response. */
    public JsonNode response() {
        return last;
    }

    /** How many events have come, which is the number of the next one. */
    public long count() {
        return count;
    }

    private String lastStatus() {
        return last.path("status").asString("");
    }

    private void done(TestEvent event) {
        Violation.unless(wire == Wire.SSE, "[DONE] should never be sent on a WebSocket");
        Violation.unless(event.event().isEmpty(), "[DONE] should have no name");
        phase = Phase.DONE;
    }

    private void accept(String type, JsonNode event) {
        switch (type) {
            case "response.created" -> created(event.get("response"));
            case "response.queued" -> queued(event.get("response"));
            case "response.in_progress" -> started(event.get("response"));
            case "response.completed" -> ended(event.get("response"), "completed");
            case "response.incomplete" -> ended(event.get("response"), "incomplete");
            case "response.failed" -> ended(event.get("response"), "failed");
            case "error" -> failing();
            case "response.output_item.added" -> added(event);
            case "response.output_item.done" -> itemDone(event);
            default -> itemOf(event).accept(type, event);
        }
    }

    private void created(JsonNode response) {
        Violation.unless(phase == Phase.BEFORE, "response.created should come once, as the first event");
        created = response;
        snapshot(response, response.path("background").asBoolean() ? "queued" : "in_progress");
        phase = Phase.CREATED;
    }

    private void queued(JsonNode response) {
        Violation.unless(phase == Phase.CREATED, "response.queued should come directly behind response.created");
        Violation.unless(
                response.path("background").asBoolean(), "response.queued should come of background responses only");
        snapshot(response, "queued");
        phase = Phase.QUEUED;
    }

    private void started(JsonNode response) {
        boolean background = created.path("background").asBoolean();
        var before = background ? Phase.QUEUED : Phase.CREATED;
        Violation.unless(
                phase == before,
                "response.in_progress should come once, behind " + (background ? "queued" : "created")
                        + " and in front of the items");
        snapshot(response, "in_progress");
        phase = Phase.RUNNING;
    }

    private void ended(JsonNode response, String status) {
        boolean failed = status.equals("failed");
        Violation.unless(
                phase == Phase.RUNNING || (failed && phase == Phase.ERROR),
                "response." + status + " should come behind response.in_progress and the items");
        checkSnapshot(response, status);
        checkOutput(response.get("output"), status);
        last = response;
        phase = Phase.ENDED;
        over = true;
    }

    private void failing() {
        Violation.unless(phase == Phase.RUNNING, "error should come once, behind response.in_progress");
        phase = Phase.ERROR;
        over = true;
    }

    private void snapshot(JsonNode response, String status) {
        checkSnapshot(response, status);
        Violation.unless(response.get("output").isEmpty(), "output should be empty before the end");
        last = response;
    }

    private void checkSnapshot(JsonNode response, String status) {
        ResponseSnapshot.check(response);
        Violation.unlessSame(response.get("status").stringValue(), status, "status");
        for (String key : ResponseSnapshot.KEYS) {
            if (!CHANGING.contains(key)) {
                Violation.unlessSame(response.get(key), created.get(key), key + ", as in response.created,");
            }
        }
    }

    private void added(JsonNode event) {
        Violation.unless(phase == Phase.RUNNING, "items should come between response.in_progress and the end");
        Violation.unlessSame(Violation.number(event, "output_index"), (long) items.size(), "output_index");
        JsonNode item = event.get("item");
        Violation.unless(itemIds.add(Violation.text(item, "id")), "an item's id should be its own: " + item);
        items.add(ItemGrammar.of(item));
    }

    private void itemDone(JsonNode event) {
        at(event).done(event.get("item"));
    }

    private ItemGrammar itemOf(JsonNode event) {
        ItemGrammar item = at(event);
        Violation.unlessSame(Violation.text(event, "item_id"), item.id(), "item_id");
        return item;
    }

    private ItemGrammar at(JsonNode event) {
        Violation.unless(phase == Phase.RUNNING, "items should come between response.in_progress and the end");
        long index = Violation.number(event, "output_index");
        Violation.unless(index >= 0 && index < items.size(), "there is no item with output_index " + index);
        return items.get((int) index);
    }

    private void checkOutput(JsonNode output, String status) {
        Violation.unlessSame(output.size(), items.size(), "the number of items in output");
        for (int i = 0; i < items.size(); i++) {
            ItemGrammar item = items.get(i);
            Violation.unless(item.isDone() || status.equals("failed"), "item " + i + " should be done before the end");
            Violation.unlessSame(Violation.text(output.get(i), "id"), item.id(), "the id of output[" + i + "]");
            Violation.unless(
                    !item.isDone() || item.last().equals(output.get(i)),
                    "output[" + i + "] should be as in output_item.done: " + item.last() + ", not " + output.get(i));
            checkIncomplete(item, i, status);
        }
    }

    private void checkIncomplete(ItemGrammar item, int index, String status) {
        if (item.isDone() && item.last().path("status").asString("").equals("incomplete")) {
            Violation.unless(index == items.size() - 1, "an incomplete item should be the last one");
            Violation.unless(!status.equals("completed"), "an incomplete item should make its response incomplete");
        }
    }

    /** A lane is named by all events of a turn or by none, and on a WebSocket only. */
    private void checkLane(JsonNode event) {
        JsonNode named = event.path("stream_id");
        Violation.unless(named.isMissingNode() || wire == Wire.WEB_SOCKET, "there should be no stream_id on SSE");
        lane = lane == null ? named : lane;
        Violation.unlessSame(named, lane, "stream_id");
    }
}
