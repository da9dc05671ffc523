/** Everything kept, in PostgreSQL over R2DBC. One public type wires it. */
@NullMarked
package dev.heddle.persistence.postgres;

import org.jspecify.annotations.NullMarked;
