package dev.heddle.gateway.protocol.streams;

import dev.heddle.streaming.run.RunFailure;
import java.util.Locale;

/** Why a run failed. */
record FailureJson(String code, String message) {
    static FailureJson of(RunFailure failure) {
        return new FailureJson(failure.code().name().toLowerCase(Locale.ROOT), failure.message());
    }
}
