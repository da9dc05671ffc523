/** Tools that this server calls itself: each is one URL of the operator's, called over HTTP. */
@NullMarked
package dev.heddle.gateway.tool;

import org.jspecify.annotations.NullMarked;
