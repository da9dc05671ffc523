package dev.heddle.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.Connection;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Has a kept-alive connection always wait for its next request. Reactor Netty 1.3.6 may forget to read on after a request
 * that came before the answer to the one before it had quite ended, and that was itself answered at once: whatever comes
 * next on that connection is never looked at (reactor-netty issue 4361). Versions from 1.3.8 on need none of this.
 */
final class NextRequest implements NettyServerCustomizer {
    @Override
    public HttpServer apply(HttpServer server) {
        return server.doOnConnection(NextRequest::attend);
    }

    private static void attend(Connection connection) {
        connection.addHandlerLast("next-request", new Handler());
    }

    private static final class Handler extends ChannelInboundHandlerAdapter {
        /** One of these events is the end of a request. Reactor Netty's own step to the next one stands in line by now. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            context.fireUserEventTriggered(event);
            context.executor().execute(() -> readWhenIdle(context.channel()));
        }

        /** While a request is served, its handler alone says what is read. */
        private static void readWhenIdle(Channel channel) {
            if (!(ChannelOperations.get(channel) instanceof HttpServerRequest)) {
                channel.read();
            }
        }
    }
}
