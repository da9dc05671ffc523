package dev.heddle.bench.load;

/** What a scenario holds open. */
public sealed interface Connection extends AutoCloseable permits Client, Socket {
    @Override
    void close();
}
