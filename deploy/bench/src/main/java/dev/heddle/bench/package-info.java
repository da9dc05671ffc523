/** Measures a running gateway from outside, beside the least that its work could cost on the same machine. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
