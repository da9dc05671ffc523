package dev.heddle.gateway.http;

import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/**
 * How this instance speaks HTTP.
 *
 * @param apiKeys the keys that are let in, each {@code <tenant>:<key>}; with none, everybody is the default tenant
 * @param heartbeat after how much silence an event stream says that it is alive
 * @param maxBody the largest request body that is read
 */
public record HttpSettings(List<String> apiKeys, Duration heartbeat, DataSize maxBody) {
    public HttpSettings {
        apiKeys = List.copyOf(apiKeys);
    }
}
