/** Heddle's own streams: a whole thread as server-sent events, many threads on one WebSocket, and tickets for both. */
@NullMarked
package dev.heddle.gateway.protocol.streams;

import org.jspecify.annotations.NullMarked;
