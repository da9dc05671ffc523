/** OpenAI's Assistants API v2: its objects, its requests and its event streams. */
@NullMarked
package dev.heddle.gateway.protocol.assistants;

import org.jspecify.annotations.NullMarked;
