package dev.heddle.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection, which is asked one thing after the other. */
public final class Client implements Connection {
    private final Channel channel;
    private final Tally tally;

    Client(Channel channel, Tally tally) {
        this.channel = channel;
        this.tally = tally;
    }

    /** Completes when the answer has ended; fails when the connection does before. */
    public CompletableFuture<Answer> send(Request request) {
        return send(request, null);
    }

    /** Asks for a stream that is only counted, by the tally: nobody waits for its end, or minds it. */
    public void follow(Request request) {
        var _ = send(request);
    }

    /** Also collects the answer's body. */
    public CompletableFuture<String> body(Request request) {
        var body = Unpooled.buffer();
        return send(request, body).thenApply(answer -> {
            var text = body.toString(UTF_8);
            if (!answer.isOk()) {
                throw new IllegalStateException(request.path() + ": " + answer.status() + " " + text);
            }
            return text;
        });
    }

    /** Stops reading: what the server sends fills the network's buffers. */
    public void stopReading() {
        channel.config().setAutoRead(false);
    }

    public void readOn() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }

    private CompletableFuture<Answer> send(Request request, @Nullable ByteBuf body) {
        var exchange = new Exchange(tally, body);
        channel.eventLoop().execute(() -> {
            channel.pipeline().addLast(exchange);
            var _ = channel.writeAndFlush(http(request)); // A failure closes the connection, which fails the answer.
        });
        return exchange.answer;
    }

    private static DefaultFullHttpRequest http(Request request) {
        var body =
                ByteBufUtil.writeUtf8(Unpooled.buffer().alloc(), request.json().orElse(""));
        var method = request.json().isPresent() ? HttpMethod.POST : HttpMethod.GET;
        var http = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, request.path(), body);
        http.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1")
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set("OpenAI-Beta", "assistants=v2");
        return http;
    }

    private static final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final long started = System.nanoTime();
        private final Tally tally;
        private final EventReader events;
        private final @Nullable ByteBuf body;
        private int status;
        private long firstByte;
        private long firstChunk = -1;

        Exchange(Tally tally, @Nullable ByteBuf body) {
            this.tally = tally;
            this.events = new EventReader(tally);
            this.body = body;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpResponse head) {
                status = head.status().code();
                firstByte = System.nanoTime() - started;
                if (status == HttpResponseStatus.OK.code()) {
                    tally.head();
                }
            }
            if (message instanceof HttpContent content) {
                read(content.content());
            }
            if (message instanceof LastHttpContent) {
                context.pipeline().remove(this);
                answer.complete(new Answer(
                        status,
                        firstByte,
                        firstChunk,
                        System.nanoTime() - started,
                        events.firstAgeMicros(),
                        events.chunks(),
                        events.events()));
            }
        }

        private void read(ByteBuf bytes) {
            if (body != null) {
                body.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
            }
            events.read(bytes);
            if (firstChunk < 0 && events.chunks() > 0) {
                firstChunk = System.nanoTime() - started;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new SocketException("the connection was closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
            var _ = context.close();
        }
    }
}
