/** Figures as a table, as JSON and as pictures. */
@NullMarked
package dev.heddle.bench.report;

import org.jspecify.annotations.NullMarked;
