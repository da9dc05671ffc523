/** A real PostgreSQL of Heddle's own, for a start without settings: its programs, its data, its process. Blocks. */
@NullMarked
package dev.heddle.persistence.embedded;

import org.jspecify.annotations.NullMarked;
