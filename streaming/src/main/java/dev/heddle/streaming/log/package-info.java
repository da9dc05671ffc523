/** The event log of a thread: the port that stores it, the bell that announces it and the cache of its newest events. */
@NullMarked
package dev.heddle.streaming.log;

import org.jspecify.annotations.NullMarked;
