/** What the tests of every module share. */
@NullMarked
package dev.heddle.testing;

import org.jspecify.annotations.NullMarked;
