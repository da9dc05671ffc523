package dev.heddle.gateway.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is wrong with a member is told in OpenAI's code and words. */
class JsonFieldsTests {
    @Test
    void noBodyIsAnObjectWithoutMembers() {
        assertThat(JsonFields.ofBody(new byte[0]).has("a")).isFalse();
        assertThat(of("  \n").has("a")).isFalse();
    }

    @Test
    void absentAndNullAreEmptyAndCanBeToldApart() {
        var fields = of("{\"a\":null}");

        assertThat(fields.text("a")).isEmpty();
        assertThat(fields.text("b")).isEmpty();
        assertThat(fields.has("a")).isTrue();
        assertThat(fields.has("b")).isFalse();
    }

    @Test
    void whatIsReadIsWhatWasSent() {
        var fields = of("""
                {"t":"x\\ud83d\\ude00","b":true,"i":3,"d":1,"o":{"e":"auto"},"l":[{"n":1},{"n":2}],"metadata":{"z":"1","a":"2"}}
                """);

        assertThat(fields.text("t", 2)).contains("x\ud83d\ude00");
        assertThat(fields.bool("b")).contains(true);
        assertThat(fields.integer("i", 0, 3)).contains(3);
        assertThat(fields.decimal("d", 0, 1)).contains(1.0);
        assertThat(fields.requiredObject("o").oneOf("e", List.of("auto"))).contains("auto");
        assertThat(fields.objects("l")).hasSize(2);
        assertThat(fields.metadata().orElseThrow())
                .containsExactly(java.util.Map.entry("z", "1"), java.util.Map.entry("a", "2"));
    }

    @Test
    void aCountIsAnIntegerFromZeroOn() {
        var fields = of("{\"a\":0,\"b\":9223372036854775807}");

        assertThat(fields.count("a")).contains(0L);
        assertThat(fields.count("b")).contains(Long.MAX_VALUE);
        assertThat(fields.count("c")).isEmpty();
        refuses(
                "{\"a\":-1}",
                wrong -> wrong.count("a"),
                "integer_below_min_value",
                "a",
                "Invalid 'a': integer below minimum value. Expected a value >= 0, but got -1 instead.");
        refuses(
                "{\"a\":9223372036854775808}",
                wrong -> wrong.count("a"),
                "integer_above_max_value",
                "a",
                "Invalid 'a': integer above maximum value. Expected a value <= 9223372036854775807, but got"
                        + " 9223372036854775808 instead.");
    }

    @Test
    void missing() {
        refuses(
                "{}",
                fields -> fields.requiredText("model"),
                "missing_required_parameter",
                "model",
                "Missing required parameter: 'model'.");
        refuses(
                "{\"a\":[{}]}",
                fields -> fields.objects("a").getFirst().requiredText("b"),
                "missing_required_parameter",
                "a[0].b",
                "Missing required parameter: 'a[0].b'.");
    }

    @Test
    void unknown() {
        refuses(
                "{\"model\":1,\"y\":1,\"x\":1}",
                fields -> fields.only(Set.of("model")),
                "unknown_parameter",
                "y",
                "Unknown parameter: 'y'.");
        refuses(
                "{\"o\":{\"x\":1}}",
                fields -> fields.requiredObject("o").only(Set.of()),
                "unknown_parameter",
                "o.x",
                "Unknown parameter: 'o.x'.");
    }

    @Test
    void wrongType() {
        refuses(
                "{\"metadata\":\"x\"}",
                JsonFields::metadata,
                "invalid_type",
                "metadata",
                "Invalid type for 'metadata': expected an object, but got a string instead.");
        refuses(
                "{\"metadata\":{\"k\":1}}",
                JsonFields::metadata,
                "invalid_type",
                "metadata.k",
                "Invalid type for 'metadata.k': expected a string, but got an integer instead.");
        refuses(
                "{\"a\":1.5}",
                fields -> fields.integer("a", 0, 9),
                "invalid_type",
                "a",
                "Invalid type for 'a': expected an integer, but got a decimal number instead.");
        refuses(
                "{\"a\":true}",
                fields -> fields.decimal("a", 0, 9),
                "invalid_type",
                "a",
                "Invalid type for 'a': expected a decimal number, but got a boolean instead.");
        refuses(
                "{\"a\":[]}",
                fields -> fields.bool("a"),
                "invalid_type",
                "a",
                "Invalid type for 'a': expected a boolean, but got an array instead.");
        refuses(
                "{\"a\":{}}",
                fields -> fields.objects("a"),
                "invalid_type",
                "a",
                "Invalid type for 'a': expected an array, but got an object instead.");
        refuses(
                "{\"a\":null}",
                fields -> fields.requiredText("a"),
                "invalid_type",
                "a",
                "Invalid type for 'a': expected a string, but got null instead.");
    }

    @Test
    void badEnum() {
        refuses(
                "{\"a\":\"x\"}",
                fields -> fields.oneOf("a", List.of("b", "c")),
                "invalid_value",
                "a",
                "Invalid value: 'x'. Supported values are: 'b' and 'c'.");
        refuses(
                "{\"a\":\"x\"}",
                fields -> fields.oneOf("a", List.of("b", "c", "d")),
                "invalid_value",
                "a",
                "Invalid value: 'x'. Supported values are: 'b', 'c', and 'd'.");
    }

    @Test
    void tooLong() {
        refuses(
                "{\"a\":\"xxx\"}",
                fields -> fields.text("a", 2),
                "string_above_max_length",
                "a",
                "Invalid 'a': string too long. Expected a string with maximum length 2, but got a string with length 3"
                        + " instead.");
        refuses(
                metadata("k", "x".repeat(600)),
                JsonFields::metadata,
                "string_above_max_length",
                "metadata.k",
                "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string"
                        + " with length 600 instead.");
        assertThat(of(metadata("k", "\ud83d\ude00".repeat(512))).metadata()).isPresent();
    }

    @Test
    void tooManyPairs() {
        var pairs = IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));

        refuses(
                "{\"metadata\":{" + pairs + "}}",
                JsonFields::metadata,
                "object_above_max_properties",
                "metadata",
                "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an"
                        + " object with 17 properties instead.");
    }

    @Test
    void keyTooLong() {
        refuses(
                metadata("k".repeat(65), "v"),
                JsonFields::metadata,
                "property_name_above_max_length",
                "metadata",
                "Invalid 'metadata': property name too long. Expected property names with maximum length 64, but got"
                        + " one with length 65 instead.");
    }

    @Test
    void numberOutOfRange() {
        refuses(
                "{\"a\":101}",
                fields -> fields.integer("a", 1, 100),
                "integer_above_max_value",
                "a",
                "Invalid 'a': integer above maximum value. Expected a value <= 100, but got 101 instead.");
        refuses(
                "{\"a\":99999999999999999999}",
                fields -> fields.integer("a", 1, 100),
                "integer_above_max_value",
                "a",
                "Invalid 'a': integer above maximum value. Expected a value <= 100, but got 99999999999999999999"
                        + " instead.");
        refuses(
                "{\"a\":0}",
                fields -> fields.integer("a", 1, 100),
                "integer_below_min_value",
                "a",
                "Invalid 'a': integer below minimum value. Expected a value >= 1, but got 0 instead.");
        refuses(
                "{\"a\":2.01}",
                fields -> fields.decimal("a", 0, 2),
                "decimal_above_max_value",
                "a",
                "Invalid 'a': decimal above maximum value. Expected a value <= 2, but got 2.01 instead.");
        refuses(
                "{\"a\":-1}",
                fields -> fields.decimal("a", 0, 2),
                "decimal_below_min_value",
                "a",
                "Invalid 'a': decimal below minimum value. Expected a value >= 0, but got -1 instead.");
    }

    @Test
    void whatCannotBeStoredIsRefusedWhereverItStands() {
        var zero = "Invalid '%s': the character U+0000 is not allowed in a text.";
        refuses("{\"a\":\"x\\u0000\"}", fields -> fields.text("a"), "invalid_value", "a", zero.formatted("a"));
        refuses(
                "{\"metadata\":{\"k\\u0000\":\"v\"}}",
                JsonFields::metadata,
                "invalid_value",
                "metadata",
                zero.formatted("metadata"));
        refuses(
                "{\"o\":{\"deep\":[{\"x\":\"\\u0000\"}]}}",
                fields -> fields.requiredObject("o").json(),
                "invalid_value",
                "o",
                zero.formatted("o"));
        refuses(
                "{\"a\":\"\\ud83d\"}",
                fields -> fields.text("a"),
                "invalid_value",
                "a",
                "Invalid 'a': the text is not valid Unicode: half of a surrogate pair stands alone.");
        refuses(
                "{\"a\":\"\\ude00\\ud83d\"}",
                fields -> fields.text("a"),
                "invalid_value",
                "a",
                "Invalid 'a': the text is not valid Unicode: half of a surrogate pair stands alone.");
    }

    @Test
    void notJson() {
        for (String body : List.of("{", "nope", "{} {}", "{\"a\":01}")) {
            assertThat(problemOf(() -> of(body))).isInstanceOfSatisfying(Problem.InvalidRequest.class, problem -> {
                assertThat(problem.message()).startsWith("We could not parse the JSON body of your request.");
                assertThat(problem.code()).isEmpty();
            });
        }
        assertThat(problemOf(() -> JsonFields.ofBody(new byte[] {'"', (byte) 0xC3, '"'})))
                .isInstanceOf(Problem.InvalidRequest.class);
        assertThat(problemOf(() -> of("[".repeat(100_000)))).isInstanceOf(Problem.InvalidRequest.class);
    }

    private static void refuses(String body, Consumer<JsonFields> reading, String code, String param, String message) {
        assertThat(problemOf(() -> reading.accept(of(body))))
                .isEqualTo(new Problem.InvalidRequest(code, param, message));
    }

    private static Problem problemOf(Runnable refused) {
        var thrown = new AtomicReference<Problem>();
        assertThatThrownBy(refused::run)
                .isInstanceOfSatisfying(ProblemException.class, error -> thrown.set(error.problem()));
        return thrown.get();
    }

    private static String metadata(String key, String value) {
        return "{\"metadata\":{\"" + key + "\":\"" + value + "\"}}";
    }

    private static JsonFields of(String body) {
        return JsonFields.ofBody(body.getBytes(StandardCharsets.UTF_8));
    }
}
