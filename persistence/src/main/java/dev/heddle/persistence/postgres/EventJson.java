package dev.heddle.persistence.postgres;

import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunId;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the events of one log row are spelt: a JSON array of objects, {@code e} first, which names the event. Text, by far
 * the most frequent, is written and read without a tree, and names its item only where the row has not named it before.
 */
final class EventJson {
    // Reads single members out of a row, which goes on behind them.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int BYTES_PER_EVENT = 48;

    private EventJson() {}

    static byte[] write(List<ThreadEvent> events) {
        var bytes = new ByteArrayOutputStream(events.size() * BYTES_PER_EVENT);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            var named = new HashMap<Integer, ItemId>();
            json.writeStartArray();
            events.forEach(event -> write(event, json, named));
            json.writeEndArray();
        }
        return bytes.toByteArray();
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

    private static void write(ThreadEvent event, JsonGenerator json, Map<Integer, ItemId> named) {
        if (!(event instanceof ThreadEvent.OfRun ofRun)) {
            MAPPER.writeTree(json, RareEventJson.of(event));
        } else if (ofRun.event() instanceof RunEvent.TextAppended text) {
            writeText(text, json, named);
        } else {
            MAPPER.writeTree(json, RareEventJson.of(ofRun.event()));
        }
    }

    private static void writeText(RunEvent.TextAppended text, JsonGenerator json, Map<Integer, ItemId> named) {
        json.writeStartObject();
        json.writeStringProperty("e", "text");
        json.writeNumberProperty("i", text.outputIndex());
        if (!text.item().equals(named.put(text.outputIndex(), text.item()))) {
            json.writeStringProperty("id", text.item().toString());
        }
        json.writeStringProperty("t", text.text());
        json.writeEndObject();
    }

    private static RunEvent readRunEvent(JsonParser json, Map<Integer, ItemId> named) {
        json.nextToken();
        String name = json.nextStringValue();
        return "text".equals(name) ? readText(json, named) : RareEventJson.runEvent(name, readRest(json));
    }

    private static RunEvent readText(JsonParser json, Map<Integer, ItemId> named) {
        int outputIndex = 0;
        String text = "";
        ItemId item = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
                case "i" -> outputIndex = json.nextIntValue(0);
                case "id" -> item = new ItemId(UUID.fromString(json.nextStringValue()));
                case "t" -> text = json.nextStringValue();
                default -> throw new IllegalArgumentException("No text event has " + json.currentName());
            }
        }
        ItemId known = item == null ? named.get(outputIndex) : item;
        if (known == null) {
            throw new IllegalArgumentException("A text event names no item");
        }
        named.put(outputIndex, known);
        return new RunEvent.TextAppended(outputIndex, known, text);
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
