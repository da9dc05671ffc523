package dev.heddle.bench.process;

/** What a process, or several, used until one moment: user and system CPU since its start, and what it holds now. */
public record Usage(long cpuMillis, long residentKilobytes, int threads) {
    static final Usage NONE = new Usage(0, 0, 0);

    /** As figures are told. */
    public double residentMegabytes() {
        return residentKilobytes / 1_024.0;
    }

    Usage plus(Usage other) {
        return new Usage(
                cpuMillis + other.cpuMillis, residentKilobytes + other.residentKilobytes, threads + other.threads);
    }
}
