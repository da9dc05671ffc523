/** The floor: a proxy that copies bytes and does nothing else. */
@NullMarked
package dev.heddle.bench.proxy;

import org.jspecify.annotations.NullMarked;
