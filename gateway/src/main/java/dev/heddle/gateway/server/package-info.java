/** Puts the parts together: the settings of an instance, its wiring, and starting and stopping it. */
@NullMarked
package dev.heddle.gateway.server;

import org.jspecify.annotations.NullMarked;
