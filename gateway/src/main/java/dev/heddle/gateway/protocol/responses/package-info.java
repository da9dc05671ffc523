/** The Responses and Conversations APIs: a response is a run, a conversation is a thread. */
@NullMarked
package dev.heddle.gateway.protocol.responses;

import org.jspecify.annotations.NullMarked;
