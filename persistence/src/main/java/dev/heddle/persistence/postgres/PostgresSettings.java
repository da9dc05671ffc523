package dev.heddle.persistence.postgres;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the database is used.
 *
 * @param url {@code postgresql://user:password@host:port/database}
 * @param alone whether no other instance can use this database, so that what earlier ones left needs no waiting
 * @param maxConnections connections for requests; group commits have their own, one for each commit in flight
 * @param acquireTimeout how long a request waits for a connection
 * @param statementTimeout after which the database gives up a statement
 * @param commitWindow how much time lies between the beginnings of two group commits at least
 * @param maxCommitsInFlight group commits at the same time
 * @param maxAppendsPerCommit threads in one group commit
 * @param heartbeat how often an instance says that it is alive
 * @param lease after which an instance that has not said so counts as dead
 * @param idempotencyKeyLife how long a request is recognised by its key
 */
@ConfigurationProperties("heddle.database")
record PostgresSettings(
        String url,
        @DefaultValue("false") boolean alone,
        @DefaultValue("10") int maxConnections,
        @DefaultValue("10s") Duration acquireTimeout,
        @DefaultValue("30s") Duration statementTimeout,
        @DefaultValue("5ms") Duration commitWindow,
        @DefaultValue("3") int maxCommitsInFlight,
        @DefaultValue("512") int maxAppendsPerCommit,
        @DefaultValue("2s") Duration heartbeat,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("24h") Duration idempotencyKeyLife) {}
