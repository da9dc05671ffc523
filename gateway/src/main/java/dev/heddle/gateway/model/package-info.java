/** Models: any server that speaks OpenAI's chat completions, and one built in that needs no server. */
@NullMarked
package dev.heddle.gateway.model;

import org.jspecify.annotations.NullMarked;
