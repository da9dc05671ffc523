/** The kernel: what happens on a thread, in what order, and how a reader follows it. Reactor only; no Spring, JSON or I/O. */
@NullMarked
package dev.heddle.streaming;

import org.jspecify.annotations.NullMarked;
