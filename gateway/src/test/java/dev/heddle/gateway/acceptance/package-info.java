/** What the product promises, tried from outside on whole gateways. */
@NullMarked
package dev.heddle.gateway.acceptance;

import org.jspecify.annotations.NullMarked;
