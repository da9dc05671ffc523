package dev.heddle.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.gateway.http.Compat;
import dev.heddle.gateway.http.KeyCheck;
import dev.heddle.streaming.lane.Strategy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.HttpHeaders;

class ConfiguredKeysTests {
    @Test
    void keysAreSeparatedByCommasAndTheirOptionsBySemicolons() {
        var settings = settings("a:sk-1;compat=strict,b:sk-2;multitask_strategy=enqueue;on_active_run=wait");

        var keys = new FacadeConfiguration().apiKeys(settings);

        var first = (KeyCheck.Accepted) keys.check(bearer("sk-1"));
        var second = (KeyCheck.Accepted) keys.check(bearer("sk-2"));
        assertThat(first.tenant().value()).isEqualTo("a");
        assertThat(first.defaults().compat()).contains(Compat.STRICT);
        assertThat(second.tenant().value()).isEqualTo("b");
        assertThat(second.defaults().strategy()).contains(Strategy.ENQUEUE);
    }

    @Test
    void aWrongOptionRefusesTheStartWithASentence() {
        assertThatThrownBy(() -> new FacadeConfiguration().apiKeys(settings("a:sk-1;compat=lax")))
                .isInstanceOf(StartRefused.class)
                .hasMessage("An API key has the option compat=lax, but its value can only be one of open, strict.");
        assertThatThrownBy(() -> new FacadeConfiguration().apiKeys(settings("sk-1")))
                .isInstanceOf(StartRefused.class)
                .hasMessage("An API key is configured as <tenant>:<key>.");
    }

    private static ServerSettings settings(String keys) {
        return new Binder(new MapConfigurationPropertySource(Map.of("heddle.http.api-keys", keys)))
                .bindOrCreate("heddle", ServerSettings.class);
    }

    private static HttpHeaders bearer(String key) {
        var headers = new HttpHeaders();
        headers.setBearerAuth(key);
        return headers;
    }
}
