package dev.heddle.persistence;

/** A thread as lists show it. */
public record ListedThread(StoredThread thread, ThreadStatus status) {}
