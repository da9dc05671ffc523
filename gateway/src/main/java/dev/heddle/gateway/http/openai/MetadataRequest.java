package dev.heddle.gateway.http.openai;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads changes of objects of which only the metadata can change. Empty when the request names none. */
public final class MetadataRequest {
    private MetadataRequest() {}

    public static Optional<Map<String, Object>> read(JsonFields fields) {
        return given(fields.only(Set.of("metadata")));
    }

    /** The member itself, among others. */
    public static Optional<Map<String, Object>> given(JsonFields fields) {
        Map<String, Object> given = fields.metadata().orElse(Map.of());
        return fields.has("metadata") ? Optional.of(given) : Optional.empty();
    }
}
