package dev.heddle.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.lane.Strategy;
import dev.heddle.streaming.run.TenantId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

class KeyDefaultsTests {
    @Test
    void aKeyMayHaveAllOptionsOrSome() {
        assertThat(defaults(";compat=strict;multitask_strategy=enqueue;on_active_run=wait"))
                .isEqualTo(new KeyDefaults(
                        Optional.of(Compat.STRICT), Optional.of(Strategy.ENQUEUE), Optional.of(OnActiveRun.WAIT)));
        assertThat(defaults("; on_active_run = reject "))
                .isEqualTo(new KeyDefaults(Optional.empty(), Optional.empty(), Optional.of(OnActiveRun.REJECT)));
        assertThat(defaults("")).isEqualTo(KeyDefaults.NONE);
    }

    @Test
    void whatClientsSendIsTheKeyWithoutItsOptions() {
        var keys = ApiKeys.of(List.of("red:sk-red:1234567890;compat=strict"));
        var headers = new HttpHeaders();
        headers.setBearerAuth("sk-red:1234567890;compat=strict");

        assertThat(keys.check(headers)).isInstanceOf(KeyCheck.Wrong.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ";compat=lax|An API key has the option compat=lax, but its value can only be one of open, strict.",
                ";compat=|An API key has the option compat=, but its value can only be one of open, strict.",
                ";multitask_strategy=ENQUEUE|An API key has the option multitask_strategy=ENQUEUE, but its value can only"
                        + " be one of concurrent, reject, enqueue, interrupt, rollback.",
                ";on_active_run=wait:5|An API key has the option on_active_run=wait:5, but its value can only be one of"
                        + " allow, reject, wait.",
                ";compat=open;compat=open|An API key has its option compat twice.",
            })
    void aWrongValueIsToldInASentence(String options, String sentence) {
        assertThatThrownBy(() -> defaults(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource({";limit=5", ";secret-rest-of-a-key", ";", ";compat=strict;"})
    void whatIsNoOptionIsRefusedAndNotShown(String options) {
        assertThatThrownBy(() -> defaults(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Behind its first semicolon an API key has options, which are compat=…,"
                        + " multitask_strategy=… and on_active_run=…; one of those configured is none of these.");
    }

    private static KeyDefaults defaults(String options) {
        var headers = new HttpHeaders();
        headers.setBearerAuth("sk-red:1234567890");
        var accepted = (KeyCheck.Accepted)
                ApiKeys.of(List.of("red:sk-red:1234567890" + options)).check(headers);
        assertThat(accepted.tenant()).isEqualTo(new TenantId("red"));
        return accepted.defaults();
    }
}
