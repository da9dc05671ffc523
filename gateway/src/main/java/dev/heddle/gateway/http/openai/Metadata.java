package dev.heddle.gateway.http.openai;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Metadata by key: what is stored has no order, and equal objects must be written alike on every instance. */
public final class Metadata {
    private Metadata() {}

    public static SortedMap<String, Object> json(Map<String, Object> metadata) {
        return new TreeMap<>(metadata);
    }
}
