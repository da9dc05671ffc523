package dev.heddle.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking that is no mistake of ours: the JDK's random numbers, its loading of classes and its timers, Netty's growing pool. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
                .allowBlockingCallsInside("java.security.SecureRandom", "generateSeed")
                .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
                // To take a timer out of its queue; Reactor allows the same for putting one in.
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove")
                // Event loops that all want memory at once wait a moment for one another.
                .allowBlockingCallsInside(
                        "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
