package dev.heddle.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.util.List;
import java.util.stream.IntStream;
import reactor.netty.resources.LoopResources;

/** Connections of this process, all on the same few threads. */
public final class Clients implements AutoCloseable {
    private final LoopResources resources =
            LoopResources.create("clients", Runtime.getRuntime().availableProcessors(), true);
    private final EventLoopGroup loops = resources.onClient(true);
    private final Bootstrap bootstrap = new Bootstrap()
            .group(loops)
            .channelFactory(() -> resources.onChannel(SocketChannel.class, loops))
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpClientCodec());
                }
            });

    public List<Client> connect(int count, int port, Tally tally) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Client.connect(bootstrap, port, tally))
                .toList();
    }

    @Override
    public void close() {
        resources.dispose();
    }
}
