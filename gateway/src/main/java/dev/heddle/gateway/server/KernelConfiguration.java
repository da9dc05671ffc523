package dev.heddle.gateway.server;

import dev.heddle.persistence.AdmissionSettings;
import dev.heddle.streaming.feed.RunFeed;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.lane.Inbox;
import dev.heddle.streaming.lane.LaneParts;
import dev.heddle.streaming.lane.LaneSettings;
import dev.heddle.streaming.lane.Lanes;
import dev.heddle.streaming.lane.Ownership;
import dev.heddle.streaming.lane.RunWork;
import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.InProcessDoorbell;
import dev.heddle.streaming.log.TailCache;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.core.scheduler.Schedulers;

/** Wires the kernel on top of what is kept. */
@Configuration(proxyBeanMethods = false)
class KernelConfiguration {
    private static final Duration LINGER = Duration.ofSeconds(1);

    @Bean
    Doorbell doorbell() {
        return new InProcessDoorbell();
    }

    @Bean
    @Primary
    TailCache tailCache(@Qualifier("eventLog") EventLog log, ServerSettings settings) {
        var tail = settings.tail();
        return new TailCache(
                log, (int) tail.maxPerThread().toBytes(), tail.max().toBytes());
    }

    @Bean
    RunFeed runFeed(TailCache log, Doorbell doorbell) {
        return new RunFeed(log, doorbell);
    }

    @Bean
    ThreadFeed threadFeed(TailCache log, Doorbell doorbell) {
        return new ThreadFeed(log, doorbell);
    }

    @Bean
    AdmissionSettings admissionSettings(ServerSettings settings) {
        var threads = settings.threads();
        return new AdmissionSettings(threads.maxRunningRuns() + threads.maxQueuedRuns(), threads.runExpiry());
    }

    @Bean
    LaneSettings laneSettings(ServerSettings settings) {
        var defaults = LaneSettings.DEFAULT;
        return new LaneSettings(
                settings.threads().maxRunningRuns(),
                defaults.maxEventsInFlight(),
                defaults.prefetch(),
                defaults.maxEventsPerAppend(),
                settings.threads().runExpiry(),
                LINGER);
    }

    @Bean
    Lanes lanes(
            TailCache log, Doorbell doorbell, Inbox inbox, Ownership ownership, RunWork work, LaneSettings settings) {
        return new Lanes(new LaneParts(
                log, doorbell, inbox, ownership, work, Clock.systemUTC(), Schedulers.parallel(), settings));
    }

    @Bean
    LanesLifecycle lanesLifecycle(Lanes lanes) {
        return new LanesLifecycle(lanes);
    }
}
