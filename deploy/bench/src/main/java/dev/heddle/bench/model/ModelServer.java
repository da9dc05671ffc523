package dev.heddle.bench.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

/** Answers every request with the stream that its model's name asks for, in the words of chat completions. */
public final class ModelServer {
    private static final int MAX_BODY = 64 << 20;

    private ModelServer() {}

    public static void main(String[] args) {
        int port = Listener.listen(new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_BODY), new Requests());
            }
        });
        System.out.println("A scripted model listens on http://127.0.0.1:" + port);
    }

    private static final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            new AnswerStream(context, Script.in(request.content().toString(UTF_8))).start();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
