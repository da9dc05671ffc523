package dev.heddle.gateway.protocol.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.persistence.StoredRun;
import dev.heddle.streaming.run.IncompleteReason;
import dev.heddle.streaming.run.RunEvent;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunStatus;
import dev.heddle.streaming.run.StopCause;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a response is said to stand: the same by its last event and by what is stored. */
class StandingTests {
    private static final Usage USAGE = new Usage(7, 5, 3, 2);
    private static final Instant END = Sample.CREATED.plusSeconds(9);
    private static final Echo FOREGROUND = Echo.of(Sample.run("plain").spec());
    private static final Echo BACKGROUND = Echo.of(Sample.run("background").spec());

    @ParameterizedTest
    @CsvSource({
        "QUEUED, in_progress, queued",
        "IN_PROGRESS, in_progress, in_progress",
        "REQUIRES_ACTION, in_progress, in_progress",
        "CANCELLING, in_progress, in_progress"
    })
    void anActiveResponseHasNothingButItsStatus(RunStatus status, String foreground, String background) {
        var run = stored(status, new RunEvent.Completed(USAGE));

        assertThat(Standing.of(run, FOREGROUND)).isEqualTo(new Standing(foreground, null, null, null, null));
        assertThat(Standing.of(run, BACKGROUND)).isEqualTo(new Standing(background, null, null, null, null));
    }

    static Stream<RunEvent.Terminal> ends() {
        return Stream.of(
                new RunEvent.Completed(USAGE),
                new RunEvent.Incomplete(IncompleteReason.MAX_COMPLETION_TOKENS, USAGE),
                new RunEvent.Incomplete(IncompleteReason.MAX_PROMPT_TOKENS, USAGE),
                new RunEvent.Incomplete(IncompleteReason.CONTENT_FILTER, USAGE),
                new RunEvent.Failed(RunFailure.serverError("No."), USAGE),
                new RunEvent.Expired(USAGE),
                new RunEvent.Cancelled(StopCause.CLIENT, USAGE),
                new RunEvent.Cancelled(StopCause.LATER_RUN, USAGE));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theEndIsToldTheSameByItsEventAndByTheStore(RunEvent.Terminal end) {
        var run = stored(statusOf(end), end);

        assertThat(Standing.of(run, FOREGROUND)).isEqualTo(Standing.ended(FOREGROUND, end, END));
        assertThat(Standing.of(run, BACKGROUND)).isEqualTo(Standing.ended(BACKGROUND, end, END));
        assertThat(Standing.of(run, BACKGROUND).usage()).isEqualTo(UsageJson.of(USAGE));
    }

    @Test
    void onlyWhatIsCompleteHasTheTimeOfItsEnd() {
        assertThat(ends().map(end -> Standing.ended(FOREGROUND, end, END)))
                .allSatisfy(standing -> assertThat(standing.completedAt() != null)
                        .isEqualTo(standing.status().equals("completed")));
    }

    @Test
    void everyEndHasItsWords() {
        assertThat(ends().map(end -> words(Standing.ended(FOREGROUND, end, END))))
                .containsExactly(
                        "completed",
                        "incomplete max_output_tokens",
                        "incomplete max_output_tokens",
                        "incomplete content_filter",
                        "failed server_error No.",
                        "failed server_error The response did not end within the time that it may work.",
                        "cancelled",
                        "incomplete steered");
        assertThat(words(Standing.ended(BACKGROUND, new RunEvent.Cancelled(StopCause.LATER_RUN, USAGE), END)))
                .isEqualTo("cancelled");
    }

    private static String words(Standing standing) {
        var error = standing.error();
        var incomplete = standing.incomplete();
        return standing.status()
                + (error == null ? "" : " " + error.code() + " " + error.message())
                + (incomplete == null ? "" : " " + incomplete.reason());
    }

    private static RunStatus statusOf(RunEvent.Terminal end) {
        return switch (end) {
            case RunEvent.Completed _ -> RunStatus.COMPLETED;
            case RunEvent.Incomplete _ -> RunStatus.INCOMPLETE;
            case RunEvent.Failed _ -> RunStatus.FAILED;
            case RunEvent.Expired _ -> RunStatus.EXPIRED;
            case RunEvent.Cancelled _ -> RunStatus.CANCELLED;
        };
    }

    private static StoredRun stored(RunStatus status, RunEvent.Terminal end) {
        var run = Sample.run("plain");
        return new StoredRun(
                run.key(),
                status,
                run.strategy(),
                run.spec(),
                run.metadata(),
                run.createdAt(),
                run.expiresAt(),
                run.startedAt(),
                Optional.of(END),
                USAGE,
                end instanceof RunEvent.Failed failed ? Optional.of(failed.failure()) : Optional.empty(),
                end instanceof RunEvent.Incomplete cut ? Optional.of(cut.reason()) : Optional.empty(),
                Optional.empty(),
                end instanceof RunEvent.Cancelled stopped ? Optional.of(stopped.cause()) : Optional.empty());
    }
}
