/** A PostgreSQL for the tests of every module. */
@NullMarked
package dev.heddle.persistence.testing;

import org.jspecify.annotations.NullMarked;
