package dev.heddle.gateway.http;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Reads request bodies whole, whatever their content type says. */
public final class Bodies {
    private final int maxBytes;

    public Bodies(DataSize max) {
        this.maxBytes = Math.toIntExact(max.toBytes());
    }

    /**
     * The body, empty when there is none. A larger one than allowed is a {@code RequestTooLarge} problem. From then on
     * {@link RequestKeys} knows under which key the request may be repeated.
     */
    public Mono<byte[]> bytes(ServerRequest request) {
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), maxBytes)
                .map(Bodies::takeOut)
                .defaultIfEmpty(new byte[0])
                .doOnNext(body -> RequestKeys.note(request, body))
                .onErrorMap(
                        DataBufferLimitException.class,
                        _ -> new ProblemException(new Problem.RequestTooLarge(maxBytes)));
    }

    private static byte[] takeOut(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
