package dev.heddle.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.Connection;

/**
 * Ends what we say on a connection, and drops what its other end still says until that ends too. To close the connection
 * at once, with something unread, would reset it, and the other end would lose what we said last (RFC 9112 §9.6).
 */
final class HalfClose extends ChannelInboundHandlerAdapter {
    private HalfClose() {}

    static void of(Connection connection) {
        var channel = connection.channel();
        channel.pipeline().addFirst(new HalfClose());
        if (channel instanceof DuplexChannel duplex) {
            var _ = duplex.shutdownOutput(); // Fails only where the connection is gone, which is heard below.
        }
        channel.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object unread) {
        ReferenceCountUtil.release(unread);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
    }
}
