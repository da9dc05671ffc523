package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the events of one log row are spelt: a JSON array of objects, {@code e} first, which names the event. Pieces of
 * text and arguments, by far the most frequent, are written and read without a tree, and name their item only where the
 * row has not named it before.
 */
final class EventJson {
    // Reads single members out of a row, which goes on behind them.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String TEXT = "text";
    private static final String REASONING = "reasoning";
    private static final String ARGUMENTS = "arguments";

    private EventJson() {}

    /** Adds a row. */
    static void write(List<LoggedEvent> events, JsonBytes json) {
        json.ascii("[");
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                json.ascii(",");
            }
            write(events, i, json);
        }
        json.ascii("]");
    }

    /** The events of a row that belongs to the given run, whose first event has the given {@code run_seq}. */
    static List<ThreadEvent> readRun(byte[] payload, RunId run, long firstRunSeq) {
        var events = new ArrayList<ThreadEvent>();
        var named = new HashMap<Integer, ItemId>();
        try (JsonParser json = MAPPER.createParser(payload)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                events.add(new ThreadEvent.OfRun(run, firstRunSeq + events.size(), readRunEvent(json, named)));
            }
        }
        return events;
    }

    /** The events of a row that belongs to the thread itself. */
    static List<ThreadEvent> readThread(byte[] payload) {
        return MAPPER.readTree(payload)
                .valueStream()
                .map(RareEventJson::threadEvent)
                .toList();
    }

    private static void write(List<LoggedEvent> row, int at, JsonBytes json) {
        ThreadEvent event = row.get(at).event();
        if (!(event instanceof ThreadEvent.OfRun ofRun)) {
            json.add(MAPPER.writeValueAsBytes(RareEventJson.of(event)));
            return;
        }
        switch (ofRun.event()) {
            case RunEvent.TextAppended text -> writePiece(TEXT, text, text.text(), row, at, json);
            case RunEvent.ReasoningAppended reasoning ->
                writePiece(REASONING, reasoning, reasoning.text(), row, at, json);
            case RunEvent.ArgumentsAppended appended ->
                writePiece(ARGUMENTS, appended, appended.arguments(), row, at, json);
            case RunEvent rare -> json.add(MAPPER.writeValueAsBytes(RareEventJson.of(rare)));
        }
    }

    private static void writePiece(
            String name, RunEvent.Output event, String piece, List<LoggedEvent> row, int at, JsonBytes json) {
        json.ascii("{\"e\":\"").ascii(name).ascii("\",\"i\":").ascii(Integer.toString(event.outputIndex()));
        if (!isNamed(event, row, at)) {
            json.ascii(",\"id\":\"").ascii(event.item().toString()).ascii("\"");
        }
        json.ascii(",\"t\":").string(piece).ascii("}");
    }

    /** Whether the piece before it at this output index, mostly its neighbour, is of the same item. */
    private static boolean isNamed(RunEvent.Output event, List<LoggedEvent> row, int at) {
        for (int i = at - 1; i >= 0; i--) {
            if (row.get(i).event() instanceof ThreadEvent.OfRun ofRun
                    && isPiece(ofRun.event())
                    && ofRun.event() instanceof RunEvent.Output earlier
                    && earlier.outputIndex() == event.outputIndex()) {
                return earlier.item().equals(event.item());
            }
        }
        return false;
    }

    private static boolean isPiece(RunEvent event) {
        return event instanceof RunEvent.TextAppended
                || event instanceof RunEvent.ReasoningAppended
                || event instanceof RunEvent.ArgumentsAppended;
    }

    private static RunEvent readRunEvent(JsonParser json, Map<Integer, ItemId> named) {
        json.nextToken();
        String name = json.nextStringValue();
        return switch (name) {
            case TEXT -> readPiece(json, named, RunEvent.TextAppended::new);
            case REASONING -> readPiece(json, named, RunEvent.ReasoningAppended::new);
            case ARGUMENTS -> readPiece(json, named, RunEvent.ArgumentsAppended::new);
            case null, default -> RareEventJson.runEvent(name, readRest(json));
        };
    }

    private interface PieceEvent {
        RunEvent of(int outputIndex, ItemId item, String piece);
    }

    private static RunEvent readPiece(JsonParser json, Map<Integer, ItemId> named, PieceEvent event) {
        int outputIndex = 0;
        String piece = "";
        ItemId item = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
                case "i" -> outputIndex = json.nextIntValue(0);
                case "id" -> item = new ItemId(UUID.fromString(json.nextStringValue()));
                case "t" -> piece = json.nextStringValue();
                default -> throw new IllegalArgumentException("No piece of an item has " + json.currentName());
            }
        }
        ItemId known = item == null ? named.get(outputIndex) : item;
        if (known == null) {
            throw new IllegalArgumentException("A piece names no item");
        }
        named.put(outputIndex, known);
        return event.of(outputIndex, known, piece);
    }

    private static ObjectNode readRest(JsonParser json) {
        ObjectNode rest = MAPPER.createObjectNode();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            rest.set(name, MAPPER.readTree(json));
        }
        return rest;
    }
}
