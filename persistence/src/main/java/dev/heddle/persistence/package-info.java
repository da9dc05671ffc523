/** The collections in which threads, runs and items are kept, without a driver's types. */
@NullMarked
package dev.heddle.persistence;

import org.jspecify.annotations.NullMarked;
