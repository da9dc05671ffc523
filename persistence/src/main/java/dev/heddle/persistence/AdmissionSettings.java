package dev.heddle.persistence;

import java.time.Duration;

/**
 * What admission goes by.
 *
 * @param maxActiveRuns runs of a thread that may work or wait at the same time; one more is refused
 * @param runExpiry shown as a run's time of expiry until it starts
 */
public record AdmissionSettings(int maxActiveRuns, Duration runExpiry) {}
