package dev.heddle.gateway.http;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * How this instance speaks HTTP.
 *
 * @param heartbeat after how much silence an event stream says that it is alive
 * @param maxBody the largest request body that is read
 */
public record HttpSettings(Duration heartbeat, DataSize maxBody) {}
