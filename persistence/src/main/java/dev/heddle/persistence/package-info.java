/** What is kept: threads, runs, items and assistants as collections, without a word about the database behind them. */
@NullMarked
package dev.heddle.persistence;

import org.jspecify.annotations.NullMarked;
