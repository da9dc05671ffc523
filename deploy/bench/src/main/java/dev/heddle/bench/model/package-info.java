/** A model's server that answers as its request says: how much, how fast, in what bursts. */
@NullMarked
package dev.heddle.bench.model;

import org.jspecify.annotations.NullMarked;
