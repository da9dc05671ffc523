/** The demo: a client of a running gateway, over HTTP like any other, that shows what the gateway promises and checks it. */
@NullMarked
package dev.heddle.gateway.demo;

import org.jspecify.annotations.NullMarked;
