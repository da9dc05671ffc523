package dev.heddle.gateway.http;

import java.time.Duration;
import reactor.core.publisher.Flux;

/** One end of one WebSocket: hears what the client says, and answers. An instance a socket. */
public interface SocketHandler {
    /**
     * What is said on the socket, subscribed to once. It is asked for as fast as the client reads. Its end closes the
     * socket: with the code of its last frame, with 1000 without one, with 1011 for an error. When the client goes, it is
     * cancelled.
     *
     * @param messages what the client says, in UTF-8 and in order; the next one is read from the network when this one
     *     has been taken. Completes when the client has gone.
     */
    Flux<SocketFrame> frames(Flux<byte[]> messages);

    /** How long the socket may be open. */
    Duration life();

    /** What is said at the end of that life, behind the frames so far. */
    Flux<SocketFrame> lastWords();
}
