package dev.heddle.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.RequestKey;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;

class RequestKeysTests {
    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void aKeyAndWhatTellsItsRequestFromOthersAreKnownOnceTheBodyIsRead() {
        var request = request(HttpMethod.POST, "{}", "order 7");

        assertThat(RequestKeys.of(request)).isEmpty();
        new Bodies(DataSize.ofKilobytes(1)).bytes(request).block();

        assertThat(RequestKeys.of(request))
                .contains(new RequestKey(
                        "order 7",
                        "POST",
                        "/v1/threads",
                        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    }

    @Test
    void whatHasNoBodyIsLikeAnEmptyOne() {
        var bodiless = request(HttpMethod.POST, "{}", "k");
        RequestKeys.noteWithoutBody(bodiless);

        assertThat(RequestKeys.of(bodiless)).contains(new RequestKey("k", "POST", "/v1/threads", OF_NOTHING));
        assertThat(read(HttpMethod.POST, "k")).contains(new RequestKey("k", "POST", "/v1/threads", OF_NOTHING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\u0000b", "a\nb", "a\u007fb", "schlüssel", "🧵"})
    void aKeyThatIsEmptyOrNotPrintableIsRefused(String key) {
        assertRefused(key);
    }

    @Test
    void aKeyHas255CharactersAtMost() {
        assertThat(read(HttpMethod.POST, "k".repeat(255))).isPresent();
        assertRefused("k".repeat(256));
    }

    @Test
    void twoKeysAreNone() {
        assertRefused("one", "two");
    }

    @Test
    void withoutTheHeaderThereIsNoKey() {
        assertThat(read(HttpMethod.POST)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void onOtherMethodsItIsNotLookedAt(String method) {
        assertThat(read(HttpMethod.valueOf(method), "")).isEmpty();
    }

    @Test
    void whatServesARequestIsChangedForItsKeyOnly() {
        var keyed = request(HttpMethod.POST, "", "k");
        RequestKeys.noteWithoutBody(keyed);

        assertThat(RequestKeys.under(keyed, "plain ", (plain, key) -> plain + key.key()))
                .isEqualTo("plain k");
        assertThat(RequestKeys.under(request(HttpMethod.POST, ""), "plain", (_, key) -> key.key()))
                .isEqualTo("plain");
    }

    private static void assertRefused(String... keys) {
        assertThatThrownBy(() -> read(HttpMethod.POST, keys))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem())
                                .isInstanceOfSatisfying(Problem.InvalidRequest.class, problem -> {
                                    assertThat(problem.param()).isEqualTo("Idempotency-Key");
                                    assertThat(problem.message()).contains("'Idempotency-Key' header: it");
                                }));
    }

    private static Optional<RequestKey> read(HttpMethod method, String... keys) {
        var request = request(method, "", keys);
        new Bodies(DataSize.ofKilobytes(1)).bytes(request).block();
        return RequestKeys.of(request);
    }

    private static ServerRequest request(HttpMethod method, String body, String... keys) {
        var bytes = DefaultDataBufferFactory.sharedInstance.wrap(body.getBytes(UTF_8));
        var request = MockServerHttpRequest.method(method, "/v1/threads?limit=1")
                .header(RequestKeys.HEADER, keys)
                .body(Flux.just(bytes));
        return ServerRequest.create(
                MockServerWebExchange.from(request),
                HandlerStrategies.withDefaults().messageReaders());
    }
}
