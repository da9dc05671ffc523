package dev.heddle.bench.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** A WebSocket that says one thing and listens: it counts as open with the first answer; a ping, answered, is an event. */
public final class Socket implements Connection {
    private static final int MAX_HEAD = 8_192;

    private final Channel channel;

    Socket(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }

    static ChannelInitializer<SocketChannel> handlers(String path, String text, Tally tally) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                var config = WebSocketClientProtocolConfig.newBuilder()
                        .webSocketUri("ws://127.0.0.1" + path)
                        .build();
                channel.pipeline()
                        .addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_HEAD), new Pings(tally))
                        .addLast(new WebSocketClientProtocolHandler(config), new Texts(text, tally));
            }
        };
    }

    /** Stands in front of the handler that answers them and keeps them to itself. */
    private static final class Pings extends ChannelInboundHandlerAdapter {
        private final Tally tally;

        Pings(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof PingWebSocketFrame) {
                tally.event();
            }
            context.fireChannelRead(message);
        }
    }

    private static final class Texts extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final String text;
        private final Tally tally;
        private boolean answered;

        Texts(String text, Tally tally) {
            this.text = text;
            this.tally = tally;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                var _ = context.writeAndFlush(new TextWebSocketFrame(text)); // Without it there is no answer to count.
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (!answered
                    && frame instanceof TextWebSocketFrame said
                    && said.text().contains("\"subscribed\"")) {
                answered = true;
                tally.head();
            }
        }
    }
}
