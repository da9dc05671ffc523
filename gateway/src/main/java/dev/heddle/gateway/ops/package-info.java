/** What operators ask: whether the process lives, and whether it may be sent requests. */
@NullMarked
package dev.heddle.gateway.ops;

import org.jspecify.annotations.NullMarked;
