package dev.heddle.gateway.protocol.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Role;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An item, in lists and in the output of a response. */
sealed interface ItemJson {
    String id();

    static ItemJson of(StoredItem item) {
        return of(item.id(), item.status(), item.item());
    }

    static ItemJson of(ItemId itemId, ItemStatus itemStatus, Item item) {
        String id = OpenAiIds.item(itemId, item.kind());
        String status = status(itemStatus);
        return switch (item) {
            case Item.Message message -> Message.of(id, status, message);
            case Item.FunctionCall call ->
                new Call(id, "function_call", status, call.call().value(), call.name(), call.arguments());
            case Item.FunctionCallOutput output ->
                new Output(id, "function_call_output", status, output.call().value(), output.output());
            case Item.Reasoning reasoning -> new Reasoning(id, "reasoning", SummaryText.of(reasoning.summary()));
            case Item.Compaction compaction -> new Compaction(id, "compaction", Sealed.of(compaction.summary()));
        };
    }

    private static String status(ItemStatus status) {
        return switch (status) {
            case IN_PROGRESS -> "in_progress";
            case COMPLETED -> "completed";
            case MAX_TOKENS, CONTENT_FILTER, RUN_CANCELLED, RUN_EXPIRED, RUN_FAILED -> "incomplete";
        };
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Message(
            String id,
            String type,
            String status,
            String role,
            List<PartJson> content,
            @Nullable String phase) implements ItemJson {

        static Message of(String id, String status, Item.Message message) {
            return new Message(
                    id,
                    "message",
                    status,
                    word(message.role()),
                    message.content().stream()
                            .map(part -> PartJson.of(message.role(), part))
                            .toList(),
                    message.phase() == null ? null : word(message.phase()));
        }
    }

    record Call(String id, String type, String status, String call_id, String name, String arguments)
            implements ItemJson {}

    record Output(String id, String type, String status, String call_id, String output) implements ItemJson {}

    record Reasoning(String id, String type, List<SummaryText> summary) implements ItemJson {}

    record Compaction(String id, String type, String encrypted_content) implements ItemJson {}

    /** A part of a summary; all of it is one. */
    record SummaryText(String type, String text) {
        static List<SummaryText> of(String summary) {
            return summary.isEmpty() ? List.of() : List.of(part(summary));
        }

        static SummaryText part(String text) {
            return new SummaryText("summary_text", text);
        }
    }

    /** A part of a message: models put out, all others put in. */
    sealed interface PartJson {
        static PartJson of(Role role, Content content) {
            return switch (content) {
                case Content.Text text when role == Role.ASSISTANT -> OutputText.of(text.text());
                case Content.Text text -> new InputText("input_text", text.text());
                case Content.ImageUrl image -> new InputImage("input_image", image.url(), word(image.detail()));
            };
        }
    }

    record OutputText(String type, String text, List<Object> annotations, List<Object> logprobs) implements PartJson {
        static OutputText of(String text) {
            return new OutputText("output_text", text, List.of(), List.of());
        }
    }

    record InputText(String type, String text) implements PartJson {}

    record InputImage(String type, String image_url, String detail) implements PartJson {}

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
