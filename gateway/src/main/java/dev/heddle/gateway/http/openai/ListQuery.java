package dev.heddle.gateway.http.openai;

import dev.heddle.persistence.PageRequest;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import tools.jackson.databind.node.StringNode;

/** The query of every list: {@code limit} 1 … 100 (20), {@code order} (desc), {@code after} and {@code before}. */
public final class ListQuery {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;
    private static final Set<String> COMMON = Set.of("limit", "order", "after", "before");
    private static final String METADATA = "metadata";
    private static final String PREFIX = METADATA + "[";

    private ListQuery() {}

    /** Reads the query; {@code id} reads a cursor, given the name of its parameter and its text. */
    public static <I> PageRequest<I> of(ServerRequest request, BiFunction<String, String, I> id) {
        return new PageRequest<>(
                given(request, "limit").map(ListQuery::limit).orElse(DEFAULT_LIMIT),
                given(request, "order").map(ListQuery::order).orElse(PageRequest.Order.DESCENDING),
                given(request, "after").map(text -> id.apply("after", text)),
                given(request, "before").map(text -> id.apply("before", text)));
    }

    /** A parameter that is there and not empty. */
    public static Optional<String> given(ServerRequest request, String name) {
        return request.queryParam(name).filter(text -> !text.isEmpty());
    }

    /** Refuses the first parameter that is neither of every list, nor one of {@code more}, nor one of metadata. */
    public static void only(ServerRequest request, Set<String> more) {
        request.queryParams().keySet().stream()
                .filter(name -> !COMMON.contains(name) && !more.contains(name) && !isMetadata(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Invalid.unknown(name);
                });
    }

    /** The parameters {@code metadata[key]=value} by key, within the bounds of metadata. */
    public static Map<String, Object> metadata(ServerRequest request) {
        var given = new LinkedHashMap<String, Object>();
        request.queryParams().forEach((name, values) -> {
            if (isMetadata(name)) {
                given.put(key(name), one(name, values));
            }
        });
        MetadataBounds.count(METADATA, given.size());
        return given;
    }

    private static boolean isMetadata(String name) {
        return name.startsWith(PREFIX) && name.endsWith("]");
    }

    private static String key(String name) {
        return MetadataBounds.key(METADATA, name.substring(PREFIX.length(), name.length() - 1));
    }

    private static String one(String name, List<String> values) {
        if (values.size() > 1) {
            throw Invalid.because(name, "it is given more than once.");
        }
        return MetadataBounds.value(name, Objects.requireNonNullElse(values.getFirst(), ""));
    }

    private static int limit(String text) {
        if (!text.matches("[+-]?\\d{1,18}")) {
            throw Invalid.type("limit", "an integer", StringNode.valueOf(text));
        }
        return Numbers.integer("limit", new BigInteger(text), 1, MAX_LIMIT);
    }

    private static PageRequest.Order order(String text) {
        return switch (text) {
            case "asc" -> PageRequest.Order.ASCENDING;
            case "desc" -> PageRequest.Order.DESCENDING;
            default -> throw Invalid.value("order", text, List.of("asc", "desc"));
        };
    }
}
