package dev.heddle.bench.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** One answer under way: bursts of chunks, each of them stamped, on a schedule that does not slip. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes the connection, which every burst looks at.
final class AnswerStream {
    private static final String HEAD = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1767225600,\"model\":\"bench\",\"system_fingerprint\":\"fp_bench\",\"choices\":[{\"index\":0,";
    private static final byte[] BEFORE = (HEAD + "\"delta\":{\"content\":\" ").getBytes(US_ASCII);
    private static final byte[] BEHIND = "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n".getBytes(US_ASCII);
    private static final ByteBuf FIRST =
            constant(HEAD + "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n");
    private static final ByteBuf LAST = constant(HEAD + "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
            + "\"model\":\"bench\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,"
            + "\"total_tokens\":30}}\n\ndata: [DONE]\n\n");

    private final ChannelHandlerContext context;
    private final Script script;
    private int sent;
    private long due;

    AnswerStream(ChannelHandlerContext context, Script script) {
        this.context = context;
        this.script = script;
    }

    void start() {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        context.write(response, context.voidPromise());
        context.writeAndFlush(new DefaultHttpContent(FIRST.retainedDuplicate()), context.voidPromise());
        due = System.nanoTime() - ahead();
        next();
    }

    /** Streams that began together would go on in step; how much depends on how fast the server in between is. */
    private long ahead() {
        return script.perSecond() == 0 ? 0 : ThreadLocalRandom.current().nextLong(script.nanosBetweenBursts());
    }

    private void next() {
        if (script.perSecond() == 0) {
            bursts();
            return;
        }
        due += script.nanosBetweenBursts();
        context.executor().schedule(this::burst, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void burst() {
        if (!context.channel().isActive()) {
            return;
        }
        writeBurst();
        if (sent < script.chunks()) {
            next();
        } else {
            end();
        }
    }

    /** Everything there is, as long as it is taken. */
    private void bursts() {
        while (sent < script.chunks()) {
            if (!context.channel().isWritable()) {
                context.executor().schedule(this::bursts, 1, TimeUnit.MILLISECONDS);
                return;
            }
            writeBurst();
        }
        end();
    }

    private void writeBurst() {
        int count = Math.min(script.burst(), script.chunks() - sent);
        var chunks = context.alloc().buffer(count * (BEFORE.length + BEHIND.length + 1 + Stamp.DIGITS));
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            chunks.writeBytes(BEFORE);
            Stamp.write(chunks, now);
            chunks.writeBytes(BEHIND);
        }
        sent += count;
        context.writeAndFlush(new DefaultHttpContent(chunks), context.voidPromise());
    }

    private void end() {
        context.writeAndFlush(new DefaultLastHttpContent(LAST.retainedDuplicate()), context.voidPromise());
    }

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(text.getBytes(US_ASCII)));
    }
}
