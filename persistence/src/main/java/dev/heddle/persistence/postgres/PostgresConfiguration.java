package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Admission;
import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.persistence.Assistants;
import dev.heddle.persistence.DatabaseHealth;
import dev.heddle.persistence.DatabaseUrl;
import dev.heddle.persistence.Items;
import dev.heddle.persistence.Runs;
import dev.heddle.persistence.Tickets;
import dev.heddle.persistence.ToolCalls;
import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.run.NodeId;
import org.flywaydb.core.Flyway;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Wires everything kept in PostgreSQL. Brings the schema up to date before the first connection is used. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PostgresSettings.class)
public class PostgresConfiguration {
    @Bean
    NodeId node() {
        return NodeId.fresh();
    }

    @Bean(destroyMethod = "close")
    Pools pools(PostgresSettings settings) {
        DatabaseUrl url = DatabaseUrl.parse(settings.url());
        Flyway.configure()
                .dataSource(url.jdbcUrl(), url.user(), url.password().orElse(""))
                .load()
                .migrate();
        return new Pools(url, settings);
    }

    @Bean
    EventLog eventLog(Pools pools, PostgresSettings settings) {
        var committer = new Committer(pools.commits());
        var groups = new GroupCommit(
                committer::commit,
                Schedulers.parallel(),
                settings.commitWindow(),
                settings.maxCommitsInFlight(),
                settings.maxAppendsPerCommit());
        return new PostgresEventLog(pools.requests(), groups);
    }

    @Bean
    Inbox inbox(Pools pools) {
        return new PostgresInbox(pools.requests());
    }

    @Bean
    Ownership ownership(Pools pools, NodeId node, PostgresSettings settings) {
        return new PostgresOwnership(pools.requests(), node, settings.lease());
    }

    @Bean
    NodeLifecycle nodeLifecycle(Pools pools, NodeId node, PostgresSettings settings) {
        var nodes = new Nodes(pools.requests(), node, settings.heartbeat(), Schedulers.parallel());
        return new NodeLifecycle(nodes, settings.alone());
    }

    @Bean
    Assistants assistants(Pools pools) {
        return new PostgresAssistants(pools.requests());
    }

    @Bean
    PostgresThreads threads(Pools pools) {
        return new PostgresThreads(pools.requests());
    }

    @Bean
    PostgresRuns runs(Pools pools, PostgresThreads threads) {
        return new PostgresRuns(pools.requests(), threads);
    }

    @Bean
    Items items(Pools pools, PostgresThreads threads, Runs runs) {
        return new PostgresItems(pools.requests(), threads, runs);
    }

    @Bean
    Admission admission(Pools pools, AdmissionSettings settings, NodeId node) {
        return new PostgresAdmission(pools.requests(), settings, node);
    }

    @Bean
    ToolCalls toolCalls(Pools pools) {
        return new PostgresToolCalls(pools.requests());
    }

    @Bean
    Tickets tickets(Pools pools, PostgresThreads threads, PostgresRuns runs) {
        return new PostgresTickets(pools.requests(), threads, runs);
    }

    @Bean
    OldKeys oldKeys(Pools pools, PostgresSettings settings) {
        return new OldKeys(pools.requests(), settings.idempotencyKeyLife(), Schedulers.parallel());
    }

    @Bean
    OldTickets oldTickets(Pools pools) {
        return new OldTickets(pools.requests(), Schedulers.parallel());
    }

    @Bean
    OldThreads oldThreads(Pools pools) {
        return new OldThreads(pools.requests(), Schedulers.parallel());
    }

    @Bean
    DatabaseHealth databaseHealth(Pools pools) {
        return new PostgresHealth(pools.requests());
    }
}
