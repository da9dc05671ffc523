package dev.heddle.gateway.model;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.RunFailure;
import dev.heddle.streaming.run.RunFailure.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Everything that goes wrong with a model's server, in words for the client of a run: no addresses, no keys. */
final class Failures {
    private static final Set<Integer> STATUSES_OF_BAD_PROMPTS = Set.of(400, 413, 422);
    private static final Pattern BAD_PROMPT = Pattern.compile(
            "invalid_prompt|context.?(length|size|window)|content.?(filter|policy)|content management policy"
                    + "|string_above_max_length|invalid_image",
            Pattern.CASE_INSENSITIVE);

    private Failures() {}

    static ProblemException serverError(String message) {
        return failure(Code.SERVER_ERROR, message);
    }

    static ProblemException noUpstream(String model) {
        return serverError("No server is configured for the model \"" + ErrorReader.shortened(model)
                + "\". Set OPENAI_BASE_URL (and OPENAI_API_KEY), or use the built-in model \"" + ModelCatalog.DEMO
                + "\".");
    }

    static ProblemException silence(Duration limit) {
        return serverError("The model's server sent nothing for " + seconds(limit) + " s.");
    }

    static ProblemException brokenOff() {
        return serverError("The model's server broke off the connection before its answer was complete.");
    }

    static ProblemException endedEarly() {
        return serverError("The model's server ended its answer before it was complete.");
    }

    /** Some servers end the answers that failed like this, so it is no proof of a whole one. */
    static ProblemException noFinishReason() {
        return serverError("The model's server ended its answer without saying why.");
    }

    static ProblemException unknownFinishReason(String reason) {
        return serverError("The model's server ended its answer for a reason that is not known here: "
                + ErrorReader.shortened(reason) + ".");
    }

    static ProblemException toolsNotOffered() {
        return serverError("The model asked for a tool, but none was offered to it.");
    }

    static ProblemException oldCall() {
        return serverError("The model asked for a function by \"function_call\", the way before tools, which is not"
                + " understood here.");
    }

    static ProblemException unnamedCall() {
        return serverError("The model asked for a function without naming it.");
    }

    static ProblemException noCall() {
        return serverError("The model's server said that the model asked for functions, but it asked for none.");
    }

    static ProblemException tooManyCalls(int most) {
        return serverError("The model asked for more than " + most + " functions at once.");
    }

    static ProblemException notAStream(String contentType) {
        var type = contentType.isEmpty() ? "no content type" : ErrorReader.shortened(contentType);
        return serverError("The model's server answered with " + type + " instead of an event stream.");
    }

    /** The last attempt was answered with a status other than 2xx. */
    static ProblemException refused(Refusal refusal) {
        var code = codeOf(refusal.status(), refusal.error());
        return failure(code, "The model's server " + wordsFor(refusal) + ".");
    }

    /** The server asked for a longer pause than a run waits. */
    static ProblemException rateLimited(Refusal refusal) {
        return failure(Code.RATE_LIMIT_EXCEEDED, "The model's server " + wordsFor(refusal) + ".");
    }

    /** An error that came with status 200, as a body or within the stream. */
    static ProblemException reported(UpstreamError error) {
        var message = error.message().isEmpty() ? "." : ": " + error.message();
        return failure(codeOf(statusOf(error), error), "The model's server reported an error" + message);
    }

    /** No status and no byte of an answer came. A failure that is not the network's is a bug and stays what it is. */
    static Throwable noAnswer(Throwable failure) {
        return switch (failure) {
            case ConnectException _, UnknownHostException _ -> serverError("The model's server could not be reached.");
            case SSLException _ -> serverError("No secure connection to the model's server could be made.");
            case IOException _, AbortedException _ -> brokenOff();
            case PoolAcquirePendingLimitException _, PoolAcquireTimeoutException _ ->
                serverError("All connections to the model's server are in use.");
            default -> failure;
        };
    }

    private static String wordsFor(Refusal refusal) {
        int status = refusal.status();
        var message = refusal.error().message();
        return switch (status) {
            case 401, 403 -> "did not accept the gateway's credentials (" + status + ")";
            case 429 -> "limits its requests (429)" + appended(message);
            default -> "answered with status " + status + appended(message);
        };
    }

    private static String appended(String message) {
        return message.isEmpty() ? "" : ": " + withoutFullStop(message);
    }

    private static String withoutFullStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static Code codeOf(int status, UpstreamError error) {
        if (status == 429
                || error.type().startsWith("rate_limit")
                || error.code().startsWith("rate_limit")) {
            return Code.RATE_LIMIT_EXCEEDED;
        }
        boolean badPrompt = (status == 0 || STATUSES_OF_BAD_PROMPTS.contains(status))
                && BAD_PROMPT
                        .matcher(error.code() + " " + error.type() + " " + error.message())
                        .find();
        return badPrompt ? Code.INVALID_PROMPT : Code.SERVER_ERROR;
    }

    /** Gateways before the model put the status of their own upstream into {@code code}; 0 when it is none. */
    private static int statusOf(UpstreamError error) {
        return error.code().matches("[45]\\d\\d") ? Integer.parseInt(error.code()) : 0;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? String.valueOf(duration.toSeconds())
                : String.valueOf(duration.toMillis() / 1000.0);
    }

    private static ProblemException failure(Code code, String message) {
        return new ProblemException(new Problem.ModelFailed(new RunFailure(code, message)));
    }
}
