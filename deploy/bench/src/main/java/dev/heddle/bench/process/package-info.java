/** The processes that are measured: their start, and what they use of the machine. */
@NullMarked
package dev.heddle.bench.process;

import org.jspecify.annotations.NullMarked;
