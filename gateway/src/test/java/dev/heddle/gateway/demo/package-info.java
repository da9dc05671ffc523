/** Tests of the demo: its checks and its board with made-up events, and the whole program as a newcomer starts it. */
@NullMarked
package dev.heddle.gateway.demo;

import org.jspecify.annotations.NullMarked;
