/** Measures a running gateway. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
