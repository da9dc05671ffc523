/** The words of the domain: ids, items, the events of a run, its legal statuses and the causes of problems. */
@NullMarked
package dev.heddle.streaming.run;

import org.jspecify.annotations.NullMarked;
