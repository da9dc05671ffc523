package dev.heddle.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.netty.resources.LoopResources;

/**
 * Connections of this process, all on the same few threads. A port stays taken for a minute after its connection was
 * closed, so the connections of every call have a source address of their own.
 */
public final class Clients implements AutoCloseable {
    private static final int ADDRESSES = 250;

    private final LoopResources resources =
            LoopResources.create("clients", Runtime.getRuntime().availableProcessors(), true);
    private final EventLoopGroup loops = resources.onClient(true);
    private final Bootstrap bootstrap = new Bootstrap()
            .group(loops)
            .channelFactory(() -> resources.onChannel(SocketChannel.class, loops))
            .option(ChannelOption.TCP_NODELAY, true);
    private final AtomicInteger calls = new AtomicInteger();

    public Client connect(int port) {
        return connect(1, port, new Tally()).getFirst();
    }

    public List<Client> connect(int count, int port, Tally tally) {
        var from = source();
        return IntStream.range(0, count)
                .mapToObj(_ -> new Client(channel(from, port, new Codec()), tally))
                .toList();
    }

    /** Opens a WebSocket for each text, and says it there. */
    public List<Socket> connectSockets(List<String> texts, int port, String path, Tally tally) {
        var from = source();
        return texts.stream()
                .map(text -> new Socket(channel(from, port, Socket.handlers(path, text, tally))))
                .toList();
    }

    @Override
    public void close() {
        resources.dispose();
    }

    private InetSocketAddress source() {
        return new InetSocketAddress("127.0.0." + (1 + calls.getAndIncrement() % ADDRESSES), 0);
    }

    private Channel channel(InetSocketAddress from, int port, ChannelHandler handlers) {
        return bootstrap
                .clone()
                .handler(handlers)
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), from)
                .syncUninterruptibly()
                .channel();
    }

    private static final class Codec extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new HttpClientCodec());
        }
    }
}
