/** A model server that does what a script says, for tests and benchmarks; also a program of its own. */
@NullMarked
package dev.heddle.gateway.testing;

import org.jspecify.annotations.NullMarked;
