package dev.heddle.bench.model;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import reactor.netty.resources.LoopResources;

/** Listens on a free port of this machine, with as many threads as it has processors. */
final class Listener {
    private static final int BACKLOG = 4_096;

    private Listener() {}

    static int listen(ChannelInitializer<SocketChannel> connections) {
        var resources = LoopResources.create("model", Runtime.getRuntime().availableProcessors(), false);
        var loops = resources.onServer(true);
        var channel = new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> resources.onChannel(ServerSocketChannel.class, loops))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(connections)
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return channel instanceof ServerSocketChannel server
                ? server.localAddress().getPort()
                : 0;
    }
}
