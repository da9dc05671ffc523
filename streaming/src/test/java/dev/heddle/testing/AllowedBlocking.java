package dev.heddle.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking that is no mistake of ours: the JDK's random numbers and its loading of classes, Netty's growing pool. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
                .allowBlockingCallsInside("java.security.SecureRandom", "generateSeed")
                .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
                // Event loops that all want memory at once wait a moment for one another.
                .allowBlockingCallsInside(
                        "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
