package dev.heddle.gateway.http;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * How this instance speaks HTTP.
 *
 * @param heartbeat after how much silence an event stream says that it is alive
 * @param maxBody the largest request body, or message of a socket, that is read
 * @param frameCache how many bytes of encoded frames are kept for further readers
 */
public record HttpSettings(Duration heartbeat, DataSize maxBody, DataSize frameCache) {}
