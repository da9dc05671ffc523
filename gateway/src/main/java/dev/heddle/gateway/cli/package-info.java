/** The command line: one program, one class a command. */
@NullMarked
package dev.heddle.gateway.cli;

import org.jspecify.annotations.NullMarked;
