package dev.heddle.bench.scenario;

/** From one reading to the next. */
record Span(Reading before, Reading after) {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    double seconds() {
        return (after.nanos() - before.nanos()) / 1e9;
    }

    long chunks() {
        return after.chunks() - before.chunks();
    }

    long events() {
        return after.events() - before.events();
    }

    double cpuMillis() {
        return after.server().cpuMillis() - before.server().cpuMillis();
    }

    double postgresMillis() {
        return after.postgres().cpuMillis() - before.postgres().cpuMillis();
    }

    double microsPerChunk() {
        return 1_000 * cpuMillis() / chunks();
    }

    double postgresMicrosPerChunk() {
        return 1_000 * postgresMillis() / chunks();
    }

    /** How much of the machine the clients and the model took: near 100, latencies tell of them and not of the server. */
    double othersPercent() {
        return (after.othersCpuMillis() - before.othersCpuMillis()) / seconds() / 10 / PROCESSORS;
    }
}
