/** What all facades share: event streams, bodies, keys and request ids. Knows no protocol. */
@NullMarked
package dev.heddle.gateway.http;

import org.jspecify.annotations.NullMarked;
