/** The kernel's ports and the collections on PostgreSQL; the only truth. */
@NullMarked
package dev.heddle.persistence.postgres;

import org.jspecify.annotations.NullMarked;
