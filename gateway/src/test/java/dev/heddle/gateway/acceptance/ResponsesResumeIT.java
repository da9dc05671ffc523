package dev.heddle.gateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.testing.ResponseStream;
import dev.heddle.gateway.testing.ResponsesClient;
import dev.heddle.gateway.testing.TestEvent;
import dev.heddle.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream that is cut, behind whichever event, goes on behind it with the bytes it would have had. */
@Timeout(180)
class ResponsesResumeIT {
    /** A text and two calls that come piece by piece, slowly enough that most cuts find the run at work. */
    private static final String QUESTION =
            "Resume? [[text=\"Let me see what it is.\" call=weather({\"city\":\"Paris\"})"
                    + " call=time({}) chars_per_fragment=6 delay=15ms]]";

    private static TestGateway gateway;
    private static TestGateway forgetful;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
        forgetful = TestGateway.start(Map.of("heddle.tail.max-per-thread", "1B", "heddle.tail.max", "1B"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        forgetful.close();
    }

    @ParameterizedTest(name = "background={0}, forgetful={1}")
    @CsvSource({"true,false", "false,false", "true,true", "false,true"})
    void aLiveStreamIsContinuedBehindEveryEvent(boolean background, boolean fromTheLog) {
        var responses = client(fromTheLog);
        int events = whole(responses, background).size();

        for (int cut = 1; cut < events - 1; cut++) {
            List<TestEvent> seen;
            String response;
            try (var stream = stream(responses, background)) {
                seen = new ArrayList<>(stream.take(cut));
                response = stream.id();
            }
            try (var rest = responses.resume(response, seen)) {
                seen.addAll(rest.all());
            }
            try (var replay = responses.replay(response)) {
                assertThat(seen).as("cut behind event %d", cut).isEqualTo(replay.all());
            }
        }
    }

    @ParameterizedTest(name = "background={0}, forgetful={1}")
    @CsvSource({"true,false", "false,false", "true,true", "false,true"})
    void aStreamThatHasEndedIsContinuedBehindEveryEvent(boolean background, boolean fromTheLog) {
        var responses = client(fromTheLog);
        List<TestEvent> whole;
        String response;
        try (var stream = stream(responses, background)) {
            whole = stream.all();
            response = stream.id();
        }

        try (var replay = responses.replay(response)) {
            assertThat(replay.all()).isEqualTo(whole);
        }
        for (int cut = 1; cut < whole.size(); cut++) {
            try (var rest = responses.resume(response, whole.subList(0, cut))) {
                assertThat(rest.all()).as("cut behind event %d", cut).isEqualTo(whole.subList(cut, whole.size()));
            }
        }
    }

    @ParameterizedTest(name = "background={0}, forgetful={1}")
    @CsvSource({"true,false", "false,false", "true,true", "false,true"})
    void aReaderThatIsCutOffAfterEveryEventHearsALiveStreamWhole(boolean background, boolean fromTheLog) {
        var responses = client(fromTheLog);
        var seen = new ArrayList<TestEvent>();
        String response;
        try (var stream = stream(responses, background)) {
            seen.addAll(stream.take(1));
            response = stream.id();
        }

        while (!seen.getLast().event().equals("response.completed")) {
            try (var next = responses.resume(response, seen)) {
                seen.addAll(next.take(1));
            }
        }

        try (var replay = responses.replay(response)) {
            var whole = replay.all();
            assertThat(seen).isEqualTo(whole.subList(0, whole.size() - 1));
        }
    }

    private static ResponsesClient client(boolean fromTheLog) {
        return new ResponsesClient((fromTheLog ? forgetful : gateway).client());
    }

    private static List<TestEvent> whole(ResponsesClient responses, boolean background) {
        try (var stream = stream(responses, background)) {
            return stream.all();
        }
    }

    private static ResponseStream stream(ResponsesClient responses, boolean background) {
        var tools = List.of(ResponsesClient.function("weather"), ResponsesClient.function("time"));
        return responses.stream(QUESTION, "tools", tools, "background", background);
    }
}
