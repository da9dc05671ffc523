/** Following a run or a thread from a cursor, at the reader's own pace, on any instance. */
@NullMarked
package dev.heddle.streaming.feed;

import org.jspecify.annotations.NullMarked;
