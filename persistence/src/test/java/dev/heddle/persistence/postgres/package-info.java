@NullMarked
package dev.heddle.persistence.postgres;

import org.jspecify.annotations.NullMarked;
