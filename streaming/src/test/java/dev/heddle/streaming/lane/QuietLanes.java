package dev.heddle.streaming.lane;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** The lanes of these tests are put to trouble on purpose: what they log of it would hide what matters. */
final class QuietLanes implements BeforeAllCallback, AfterAllCallback {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ThreadLane.class.getPackageName());

    @Override
    public void beforeAll(ExtensionContext context) {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        logger.setLevel(null);
    }
}
