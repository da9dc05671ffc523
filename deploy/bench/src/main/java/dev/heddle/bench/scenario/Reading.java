package dev.heddle.bench.scenario;

import dev.heddle.bench.process.Usage;

/** What everybody has used, and the clients have read, at one moment. */
record Reading(Usage server, Usage postgres, long othersCpuMillis, long chunks, long events, long nanos) {}
