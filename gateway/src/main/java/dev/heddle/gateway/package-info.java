/** Speaks to clients, models and tools. */
@NullMarked
package dev.heddle.gateway;

import org.jspecify.annotations.NullMarked;
