package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.TailCache;
import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/** What every lane of an instance works with. */
public record LaneParts(
        TailCache log,
        Doorbell doorbell,
        Inbox inbox,
        Ownership ownership,
        RunWork work,
        Clock clock,
        Scheduler scheduler,
        LaneSettings settings) {}
