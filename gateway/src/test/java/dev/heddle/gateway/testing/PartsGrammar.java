package dev.heddle.gateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Items that have parts, one after another: each is added, spoken, repeated whole, done. */
abstract class PartsGrammar extends ItemGrammar {
    private final String indexName;
    private final List<JsonNode> parts = new ArrayList<>();
    private @Nullable Part open;

    PartsGrammar(JsonNode item, String indexName) {
        super(item);
        this.indexName = indexName;
    }

    final void partAdded(JsonNode event, String member) {
        Violation.unless(open == null, "a part should be done before the next one is added");
        checkIndex(event);
        JsonNode part = event.get("part");
        Violation.unlessSame(Violation.text(part, member), "", member + " of an added part");
        open = new Part(Violation.text(part, "type"), member);
    }

    /** The part that is open, whose number and type the event must name. */
    final Part part(JsonNode event, String type) {
        Part part = opened();
        checkIndex(event);
        Violation.unlessSame(part.type, type, "the type of the part");
        return part;
    }

    final void partDone(JsonNode event) {
        Part part = opened();
        checkIndex(event);
        JsonNode done = event.get("part");
        Violation.unlessSame(Violation.text(done, "type"), part.type, "the type of the part");
        Violation.unlessSame(Violation.text(done, part.member), part.text.whole(), part.member + " of the done part");
        if (part.type.equals("output_text")) {
            Violation.unlessSame(elements(Violation.member(done, "annotations")), part.annotations, "annotations");
            Violation.member(done, "logprobs");
        }
        parts.add(done);
        open = null;
    }

    private Part opened() {
        if (open == null) {
            throw Violation.of("a part should be added first");
        }
        return open;
    }

    final int count() {
        return parts.size();
    }

    final void checkParts(JsonNode item, String member) {
        Violation.unless(open == null, "a part should be done before its item is");
        Violation.unlessSame(elements(Violation.member(item, member)), parts, member + ", of its parts,");
    }

    private void checkIndex(JsonNode event) {
        Violation.unlessSame(Violation.number(event, indexName), (long) parts.size(), indexName);
    }

    private static List<JsonNode> elements(JsonNode array) {
        return array.valueStream().toList();
    }

    /** One part, as far as it has come. */
    static final class Part {
        private final String type;
        private final String member;
        private final Pieces text = new Pieces();
        private final List<JsonNode> annotations = new ArrayList<>();

        Part(String type, String member) {
            this.type = type;
            this.member = member;
        }

        void delta(JsonNode event) {
            Violation.unless(annotations.isEmpty(), "no delta should come behind an annotation");
            text.add(event);
        }

        void annotation(JsonNode event) {
            Violation.unless(
                    !text.isEmpty() && !text.isEnded(), "annotations should come between deltas and whole text");
            Violation.unlessSame(
                    Violation.number(event, "annotation_index"), (long) annotations.size(), "annotation_index");
            annotations.add(event.get("annotation"));
        }

        void whole(JsonNode event, boolean needsPieces) {
            text.end(event, member, needsPieces);
        }
    }

    static final class Message extends PartsGrammar {
        Message(JsonNode item) {
            super(item, "content_index");
            requireInProgress();
            Violation.unlessSame(Violation.text(item, "role"), "assistant", "role");
            Violation.unless(
                    Violation.member(item, "content").isArray()
                            && item.get("content").isEmpty(),
                    "the content of an added message should be empty");
        }

        @Override
        void body(String type, JsonNode event) {
            switch (type) {
                case "response.content_part.added" -> added(event);
                case "response.output_text.delta" -> part(event, "output_text").delta(event);
                case "response.output_text.annotation.added" ->
                    part(event, "output_text").annotation(event);
                case "response.output_text.done" -> part(event, "output_text").whole(event, true);
                case "response.refusal.delta" -> part(event, "refusal").delta(event);
                case "response.refusal.done" -> part(event, "refusal").whole(event, true);
                case "response.content_part.done" -> partDone(event);
                default -> throw unexpected(type);
            }
        }

        private void added(JsonNode event) {
            boolean refusal = event.get("part").path("type").asString("").equals("refusal");
            partAdded(event, refusal ? "refusal" : "text");
            Violation.unless(
                    refusal
                            || Violation.member(event.get("part"), "annotations")
                                    .isEmpty(),
                    "annotations of an added part should be empty");
        }

        @Override
        void end(JsonNode item) {
            Violation.unless(count() > 0, "a message should have a part");
            Violation.text(item, "status");
            checkParts(item, "content");
        }
    }

    static final class Reasoning extends PartsGrammar {
        Reasoning(JsonNode item) {
            super(item, "summary_index");
            Violation.unless(
                    Violation.member(item, "summary").isEmpty(), "the summary of an added item should be empty");
        }

        @Override
        void body(String type, JsonNode event) {
            switch (type) {
                case "response.reasoning_summary_part.added" -> partAdded(event, "text");
                case "response.reasoning_summary_text.delta" ->
                    part(event, "summary_text").delta(event);
                case "response.reasoning_summary_text.done" ->
                    part(event, "summary_text").whole(event, false);
                case "response.reasoning_summary_part.done" -> partDone(event);
                default -> throw unexpected(type);
            }
        }

        @Override
        void end(JsonNode item) {
            checkParts(item, "summary");
        }
    }
}
