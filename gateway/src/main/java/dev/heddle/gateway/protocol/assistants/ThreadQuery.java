package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.Invalid;
import dev.heddle.gateway.http.openai.ListQuery;
import dev.heddle.persistence.ThreadFilter;
import dev.heddle.persistence.ThreadStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Which threads a list is to hold. What the query says beside that and the page is refused. */
final class ThreadQuery {
    private static final String STATUS = "status";
    private static final List<String> STATUSES =
            Arrays.stream(ThreadStatus.values()).map(ThreadQuery::word).toList();

    private ThreadQuery() {}

    static ThreadFilter read(ServerRequest request) {
        ListQuery.only(request, Set.of(STATUS));
        return new ThreadFilter(ListQuery.metadata(request), status(request));
    }

    /** The protocol's word for a status. */
    static String word(ThreadStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<ThreadStatus> status(ServerRequest request) {
        return ListQuery.given(request, STATUS).map(ThreadQuery::status);
    }

    private static ThreadStatus status(String text) {
        if (!STATUSES.contains(text)) {
            throw Invalid.value(STATUS, text, STATUSES);
        }
        return ThreadStatus.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
