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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.resources.LoopResources;

/**
 * Connections of this process, all on the same few threads. A port stays taken for a minute after its connection was
 * closed, so the connections of every call have a source address of their own.
 */
public final class Clients implements AutoCloseable {
    private static final int ADDRESSES = 250;
    private static final int AT_ONCE = 100;

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
        return channels(Collections.nCopies(count, new Codec()), port).stream()
                .map(channel -> new Client(channel, tally))
                .toList();
    }

    /** Opens a WebSocket for each text, and says it there. */
    public List<Socket> connectSockets(List<String> texts, int port, String path, Tally tally) {
        var handlers =
                texts.stream().map(text -> Socket.handlers(path, text, tally)).toList();
        return channels(handlers, port).stream().map(Socket::new).toList();
    }

    @Override
    public void close() {
        resources.dispose();
    }

    /** Some at once, fewer than wait to be accepted anywhere. */
    private List<Channel> channels(List<? extends ChannelHandler> handlers, int port) {
        var from = new InetSocketAddress("127.0.0." + (1 + calls.getAndIncrement() % ADDRESSES), 0);
        var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var channels = new ArrayList<Channel>();
        for (int done = 0; done < handlers.size(); done += AT_ONCE) {
            var some = handlers.subList(done, Math.min(done + AT_ONCE, handlers.size())).stream()
                    .map(handler -> bootstrap.clone().handler(handler).connect(to, from))
                    .toList();
            some.forEach(
                    connection -> channels.add(connection.syncUninterruptibly().channel()));
        }
        return channels;
    }

    @ChannelHandler.Sharable
    private static final class Codec extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new HttpClientCodec());
        }
    }
}
