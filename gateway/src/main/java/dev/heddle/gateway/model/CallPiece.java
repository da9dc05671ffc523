package dev.heddle.gateway.model;

/**
 * One fragment of a function call, as a chunk brings it. Texts that are missing are empty.
 *
 * @param index which call it is of; its place in the chunk's list when the server does not say
 */
record CallPiece(long index, String id, String name, String arguments) {}
