package dev.heddle.gateway.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.FunctionTool;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpToolSettingsTests {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a.b", "12345678901234567890123456789012345678901234567890123456789012345"})
    void aNameThatModelsDoNotTakeIsRefused(String name) {
        assertRefused(() -> settings(name, null, "http://h/"), "Its name is not 1 to 64 letters, digits, _ and -.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h/x", "/x", "ftp://h/x", "http:///x", "http:x", "http://a b/", "file:///etc/passwd"})
    void anAddressThatCanNotBeCalledIsRefused(String url) {
        assertRefused(() -> settings("f", null, url), "Its URL is not an absolute http or https URL with a host.");
    }

    @Test
    void credentialsInTheAddressAreRefusedAndNotRepeated() {
        assertRefused(
                () -> settings("f", null, "http://me:pass@h/"),
                "Its URL has a user in it; give credentials as secret header.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "object", "{} {}", "true"})
    void parametersThatAreNoJsonObjectAreRefused(String parameters) {
        assertRefused(
                () -> settings("f", parameters, "http://h/"),
                "Its parameters are not a JSON object with a JSON Schema.");
    }

    @Test
    void aSchemaOfSomethingElseThanAnObjectIsRefused() {
        assertRefused(
                () -> settings("f", "{\"type\":\"array\"}", "http://h/"),
                "The JSON Schema of its parameters is not one of an object.");
    }

    @Test
    void theSchemaIsKeptWithoutBlanks() {
        var schema = "{ \"type\": \"object\",\n \"properties\": {\"n\": {\"type\": \"number\", \"maximum\": 1.5}} }";

        assertThat(settings("f", schema, "http://h/").definition().parameters())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\",\"maximum\":1.5}}}");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, timeout", "3600001, 1, timeout", "1, 0, largest output", "1, 4194305, largest output"})
    void limitsThatAreNoneAreRefused(long timeoutMillis, int maxOutputBytes, String what) {
        assertThatThrownBy(() -> new HttpToolSettings.Limits(Duration.ofMillis(timeoutMillis), maxOutputBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Its " + what + " is not between");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topsecret-1",
                "X-Key:",
                ": topsecret-1",
                "X Key: topsecret-1",
                "X-Key: top\nsecret-1",
                "X-Key: tøpsecret-1"
            })
    void aSecretThatIsNoHeaderIsRefusedAndNotRepeated(String header) {
        assertRefused(() -> SecretHeader.of(header), "Its secret header is not a name, a colon and a value in ASCII.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "idempotency-key", "Content-Length", "User-Agent"})
    void aHeaderThatIsSetAlreadyIsRefused(String name) {
        assertRefused(
                () -> SecretHeader.of(name + ": topsecret-1"),
                "Its secret header can not be " + name + ", which is set by Heddle.");
    }

    @Test
    void neitherSecretsNorQueriesArePrinted() {
        var settings = settings("f", null, "https://h:8443/path?key=topsecret-2")
                .withSecret(SecretHeader.of("Authorization: Bearer topsecret-1"));

        assertThat(settings.toString())
                .contains("https://h:8443/path", "SecretHeader[Authorization]")
                .doesNotContain("topsecret");
    }

    @Test
    void aSecretIsHiddenWithAndWithoutItsScheme() {
        var secret = SecretHeader.of("Authorization: Bearer topsecret-1");

        assertThat(secret.value()).isEqualTo("Bearer topsecret-1");
        assertThat(secret.hiddenIn("<Bearer topsecret-1> topsecret-1 bearer topsecret"))
                .isEqualTo("<[secret]> [secret] bearer topsecret");
        assertThat(SecretHeader.of("X-Tenant: 1").hiddenIn("1 + 1")).isEqualTo("1 + 1");
    }

    private static void assertRefused(ThrowingCallable made, String sentence) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
    }

    private static HttpToolSettings settings(String name, String parameters, String url) {
        return HttpToolSettings.of(new FunctionTool(name, null, parameters, null), ToolUrl.of(url));
    }
}
