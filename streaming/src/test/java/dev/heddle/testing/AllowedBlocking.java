package dev.heddle.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking that is nobody's mistake: the JDK's random numbers and its loading of classes. */
public final class AllowedBlocking implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
                .allowBlockingCallsInside("java.security.SecureRandom", "generateSeed")
                .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass");
    }
}
