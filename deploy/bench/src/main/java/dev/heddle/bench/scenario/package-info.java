/** What is measured, and how. */
@NullMarked
package dev.heddle.bench.scenario;

import org.jspecify.annotations.NullMarked;
