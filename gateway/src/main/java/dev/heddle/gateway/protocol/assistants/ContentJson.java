package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Item;
import java.util.List;
import java.util.Locale;

/** One part of a message. */
sealed interface ContentJson {
    static List<ContentJson> of(Item.Message message) {
        return message.content().stream().map(ContentJson::of).toList();
    }

    private static ContentJson of(Content content) {
        return switch (content) {
            case Content.Text text -> new Text("text", new Value(text.text(), List.of()));
            case Content.ImageUrl image ->
                new ImageUrl(
                        "image_url",
                        new Image(image.url(), image.detail().name().toLowerCase(Locale.ROOT)));
        };
    }

    record Text(String type, Value text) implements ContentJson {}

    record ImageUrl(String type, Image image_url) implements ContentJson {}

    record Value(String value, List<Object> annotations) {}

    record Image(String url, String detail) {}
}
