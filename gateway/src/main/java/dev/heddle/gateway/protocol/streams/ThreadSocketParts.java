package dev.heddle.gateway.protocol.streams;

import dev.heddle.persistence.Threads;
import dev.heddle.streaming.feed.ThreadFeed;
import dev.heddle.streaming.log.Doorbell;
import dev.heddle.streaming.log.EventLog;

/** What every thread socket works with. */
record ThreadSocketParts(Threads threads, EventLog log, Doorbell doorbell, ThreadFeed feed, EventFrames frames) {}
