/** What OpenAI's protocols have in common: ids, request fields, and the words in which errors are told. */
@NullMarked
package dev.heddle.gateway.http.openai;

import org.jspecify.annotations.NullMarked;
