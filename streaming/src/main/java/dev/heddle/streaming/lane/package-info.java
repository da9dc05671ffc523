/** The one writer of a thread: merges the events of its running runs, numbers them and has them stored. */
@NullMarked
package dev.heddle.streaming.lane;

import org.jspecify.annotations.NullMarked;
