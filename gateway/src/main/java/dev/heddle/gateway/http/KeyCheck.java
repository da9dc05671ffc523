package dev.heddle.gateway.http;

import dev.heddle.streaming.run.TenantId;

/** What a request's API key turned out to be. Each facade words the refusals its own way. */
public sealed interface KeyCheck {
    /** The request may go on, as this tenant's, and is meant as its key says. */
    record Accepted(TenantId tenant, KeyDefaults defaults) implements KeyCheck {}

    /** A key is needed, and the request has none. */
    record Missing() implements KeyCheck {}

    /** The key is nobody's; {@code masked} may be shown. */
    record Wrong(String masked) implements KeyCheck {}
}
