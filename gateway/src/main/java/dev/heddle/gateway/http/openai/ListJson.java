package dev.heddle.gateway.http.openai;

import dev.heddle.persistence.Page;
import java.util.List;
import java.util.function.Function;

/** A page of a list. An empty one has empty ids: typed clients throw on null. */
public record ListJson<T>(String object, List<T> data, String first_id, String last_id, boolean has_more) {
    public static <S, T> ListJson<T> of(Page<S> page, Function<S, T> json, Function<T, String> id) {
        var data = page.data().stream().map(json).toList();
        String first = data.isEmpty() ? "" : id.apply(data.getFirst());
        String last = data.isEmpty() ? "" : id.apply(data.getLast());
        return new ListJson<>("list", data, first, last, page.hasMore());
    }
}
