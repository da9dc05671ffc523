package dev.heddle.gateway.http.openai;

import dev.heddle.gateway.http.SocketHandler;
import dev.heddle.gateway.http.Sockets;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Makes WebSockets of requests that ask for one as they should; tells the others in OpenAI's words what is wrong. */
public final class SocketUpgrades {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final String VERSION = "Sec-WebSocket-Version";

    private final Sockets sockets;

    public SocketUpgrades(Sockets sockets) {
        this.sockets = sockets;
    }

    /** For requests that were let in already: from here on nothing is refused by a status. */
    public Mono<ServerResponse> upgrade(ServerRequest request, SocketHandler handler) {
        if (!has(request, HttpHeaders.UPGRADE, "websocket") || !has(request, HttpHeaders.CONNECTION, "upgrade")) {
            return Answers.error(request, OpenAiError.upgradeRequired("This URL is a WebSocket: upgrade to it."));
        }
        if (!has(request, VERSION, "13")) {
            return Answers.error(request, OpenAiError.upgradeRequired("WebSockets here have the version 13."));
        }
        if (given(request, KEY).isEmpty()) {
            throw Invalid.because(KEY, "the header is missing.");
        }
        return isOfForeignPage(request)
                ? Answers.error(request, foreign())
                : Mono.fromSupplier(() -> sockets.open(handler));
    }

    /**
     * Browsers let any page open a WebSocket to any address. They send no key of the user's along, so where no key is
     * asked for, a page from elsewhere needs a ticket.
     */
    private static boolean isOfForeignPage(ServerRequest request) {
        return given(request, HttpHeaders.AUTHORIZATION).isEmpty()
                && StreamTickets.scope(request).isEmpty()
                && given(request, HttpHeaders.ORIGIN)
                        .filter(origin -> !isOf(origin, given(request, HttpHeaders.HOST)))
                        .isPresent();
    }

    private static boolean isOf(String origin, Optional<String> host) {
        try {
            return Objects.equals(URI.create(origin).getAuthority(), host.orElse(null));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static OpenAiError foreign() {
        return OpenAiError.forbidden(
                "A page of another origin needs a stream ticket to open this WebSocket.", "origin_not_allowed");
    }

    private static Optional<String> given(ServerRequest request, String header) {
        return Optional.ofNullable(request.headers().firstHeader(header)).filter(value -> !value.isBlank());
    }

    /** Whether one of the header's values, which commas part, is this. */
    private static boolean has(ServerRequest request, String header, String value) {
        return request.headers().header(header).stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .anyMatch(part -> part.strip().equalsIgnoreCase(value));
    }
}
