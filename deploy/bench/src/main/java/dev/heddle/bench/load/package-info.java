/** Many clients in one process, that read as fast as they can and note when. */
@NullMarked
package dev.heddle.bench.load;

import org.jspecify.annotations.NullMarked;
