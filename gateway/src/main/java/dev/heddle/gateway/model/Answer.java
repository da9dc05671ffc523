package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.gateway.engine.ModelEvent.FinishReason;
import dev.heddle.streaming.run.ProblemException;
import dev.heddle.streaming.run.Usage;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * The answer to one attempt, folded read by read. It is whole once a finish reason and {@code [DONE]} have come; whatever
 * ends it before is a failure. For one thread at a time, that of the connection.
 */
final class Answer implements ChunkReader.Answer {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Silence silence;
    private final SseDecoder decoder;
    private final ChunkReader chunks;
    private final CleanText reasoning = new CleanText();
    private final CleanText text = new CleanText();
    private final FunctionCalls calls = new FunctionCalls(this::add);
    private final boolean mayCall;
    private List<ModelEvent> events = new ArrayList<>();
    private Usage usage = Usage.NONE;
    private Optional<FinishReason> finishReason = Optional.empty();
    private boolean begun;
    private boolean whole;

    /**
     * {@code mayCall} says whether the model was offered functions. Without {@code tellsReasoning} what it says of its
     * reasoning is passed over like anything that is not known here, so that an answer only begins behind it.
     */
    Answer(Silence silence, ErrorReader errors, int maxEventBytes, boolean mayCall, boolean tellsReasoning) {
        this.mayCall = mayCall;
        this.silence = silence;
        this.decoder = new SseDecoder(maxEventBytes, this::readData);
        this.chunks = new ChunkReader(errors, this, tellsReasoning);
    }

    /** Takes the next bytes of the stream, which the caller goes on to own. */
    Read read(ByteBuf bytes) {
        silence.heard();
        try {
            decoder.decode(bytes);
            return Read.of(takeEvents());
        } catch (ProblemException failure) {
            return Read.failed(takeEvents(), failure);
        }
    }

    /** The stream ended as HTTP wants it. */
    Read ended() {
        return whole ? Read.NOTHING : Read.failed(List.of(), Failures.endedEarly());
    }

    /** The connection broke; that stays an error as long as the call may be made again. */
    Mono<Read> broken(Throwable failure) {
        if (whole) {
            return Mono.just(Read.NOTHING);
        }
        return begun ? Mono.just(Read.failed(List.of(), Failures.brokenOff())) : Mono.error(failure);
    }

    boolean isWhole() {
        return whole;
    }

    private void readData(byte[] bytes, int length) {
        if (whole || length == 0) {
            return;
        }
        if (Arrays.equals(bytes, 0, length, DONE, 0, DONE.length)) {
            end();
        } else {
            chunks.read(bytes, length);
        }
    }

    private void end() {
        var reason = lastReason();
        endTexts();
        calls.end();
        add(new ModelEvent.Used(usage));
        add(new ModelEvent.Finished(reason));
        whole = true;
        silence.answered();
    }

    /** Some servers say {@code stop} after calls too. What was cut short may end within a call, even before its name. */
    private FinishReason lastReason() {
        return switch (finishReason.orElseThrow(Failures::noFinishReason)) {
            case STOP -> calls.areMade() ? afterCalls() : FinishReason.STOP;
            case TOOL_CALLS -> afterCalls();
            case MAX_TOKENS -> FinishReason.MAX_TOKENS;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
        };
    }

    private FinishReason afterCalls() {
        if (!calls.areMade()) {
            throw Failures.noCall();
        }
        if (!calls.areNamed()) {
            throw Failures.unnamedCall();
        }
        return FinishReason.TOOL_CALLS;
    }

    @Override
    public void reasoned(String piece) {
        reason(reasoning.next(piece));
    }

    private void reason(String clean) {
        if (!clean.isEmpty()) {
            add(new ModelEvent.Reasoning(clean));
        }
    }

    @Override
    public void said(String piece) {
        if (!piece.isEmpty()) {
            reason(reasoning.rest());
            say(text.next(piece));
        }
    }

    /** What is told from here on is no second half of a pair that was cut. */
    private void endTexts() {
        reason(reasoning.rest());
        say(text.rest());
    }

    private void say(String clean) {
        if (!clean.isEmpty()) {
            add(new ModelEvent.Text(clean));
        }
    }

    private void add(ModelEvent event) {
        events.add(event);
    }

    @Override
    public void called(CallPiece piece) {
        requireOffer();
        endTexts();
        calls.add(piece);
    }

    @Override
    public void calledTheOldWay() {
        requireOffer();
        throw Failures.oldCall();
    }

    private void requireOffer() {
        if (!mayCall) {
            throw Failures.toolsNotOffered();
        }
    }

    /** A reason that asks for functions where none was offered fails at once, as a call itself does. */
    private FinishReason toolCalls() {
        requireOffer();
        return FinishReason.TOOL_CALLS;
    }

    /** The names are OpenAI's, then those of servers that have their own: TGI, Mistral. */
    @Override
    public void finished(String reason) {
        finishReason = Optional.of(
                switch (reason) {
                    case "stop", "eos_token", "stop_sequence", "end_turn" -> FinishReason.STOP;
                    case "length", "max_tokens", "model_length" -> FinishReason.MAX_TOKENS;
                    case "content_filter" -> FinishReason.CONTENT_FILTER;
                    case "tool_calls", "function_call", "tool_use" -> toolCalls();
                    default -> throw Failures.unknownFinishReason(reason);
                });
    }

    @Override
    public void used(Usage sofar) {
        usage = sofar;
    }

    private List<ModelEvent> takeEvents() {
        if (events.isEmpty()) {
            return List.of();
        }
        var taken = events;
        events = new ArrayList<>();
        begun = true;
        return taken;
    }
}
