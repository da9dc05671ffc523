/** Admitting runs and doing their work: model call after model call, from the thread's context to the last event. */
@NullMarked
package dev.heddle.gateway.engine;

import org.jspecify.annotations.NullMarked;
