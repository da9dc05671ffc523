/** Measures the kernel's parts by themselves, with JMH. Those of parts that only their package sees stand in that package. */
@NullMarked
package dev.heddle.bench.micro;

import org.jspecify.annotations.NullMarked;
