package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.TenantId;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class ApiKeysTests {
    private final ApiKeys keys = ApiKeys.of(List.of("red:sk-red-0123456789", "blue:sk-blue:with:colons"));

    @Test
    void aKeySaysWhoseTheRequestIs() {
        assertThat(check("Bearer sk-red-0123456789")).isEqualTo(accepted("red"));
        assertThat(check("bearer  sk-blue:with:colons ")).isEqualTo(accepted("blue"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic sk-red-0123456789", "sk-red-0123456789"})
    void noBearerTokenIsNoKey(String authorization) {
        assertThat(check(authorization)).isEqualTo(new KeyCheck.Missing());
    }

    @Test
    void aWrongKeyIsShownInPartAtTheMost() {
        assertThat(check("Bearer sk-red-0123456780")).isEqualTo(new KeyCheck.Wrong("sk-r***6780"));
        assertThat(check("Bearer short")).isEqualTo(new KeyCheck.Wrong("***"));
    }

    @Test
    void withoutKeysEverybodyIsTheDefaultTenantButOnThisMachineOnly() {
        var none = ApiKeys.of(List.of());

        assertThat(none.check(new HttpHeaders())).isEqualTo(new KeyCheck.Accepted(TenantId.DEFAULT, KeyDefaults.NONE));
        assertThat(none.maySafelyBind(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(none.maySafelyBind(InetAddress.ofLiteral("::1"))).isTrue();
        assertThat(none.maySafelyBind(InetAddress.ofLiteral("0.0.0.0"))).isFalse();
        assertThat(keys.maySafelyBind(InetAddress.ofLiteral("0.0.0.0"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-red", ":sk-red", "red:", ""})
    void aKeyIsConfiguredWithItsTenant(String configured) {
        assertThatThrownBy(() -> ApiKeys.of(List.of(configured)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An API key is configured as <tenant>:<key>.");
    }

    private static KeyCheck accepted(String tenant) {
        return new KeyCheck.Accepted(new TenantId(tenant), KeyDefaults.NONE);
    }

    private KeyCheck check(String authorization) {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.AUTHORIZATION, authorization);
        return keys.check(headers);
    }
}
