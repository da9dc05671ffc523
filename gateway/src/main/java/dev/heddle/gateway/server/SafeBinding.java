package dev.heddle.gateway.server;

import dev.heddle.gateway.http.ApiKeys;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Proof that this instance does not serve strangers: it asks for keys, or can be reached from this machine only. */
final class SafeBinding {
    private SafeBinding() {}

    /**
     * Looks before the web server is started.
     *
     * @throws StartRefused when anybody could use the instance
     */
    static SafeBinding require(@Nullable InetAddress address, ApiKeys keys) {
        InetAddress bound = address == null ? new InetSocketAddress(0).getAddress() : address;
        if (!keys.maySafelyBind(bound)) {
            throw new StartRefused(
                    "Without API keys anybody who reaches " + bound.getHostAddress()
                            + " could use this gateway. Give it keys (HEDDLE_HTTP_APIKEYS=tenant:key,…) or listen on 127.0.0.1.");
        }
        return new SafeBinding();
    }
}
