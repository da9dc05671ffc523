package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.GET;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ThreadListTests {
    private final Facade facade = Facade.open();

    @Test
    void aThreadInAListIsAThreadWithAStatus() {
        var busy = facade.newThread();
        facade.newRun(busy);
        var idle = facade.post("/v1/threads", "{\"metadata\":{\"k\":\"v\"},\"multitask_strategy\":\"enqueue\"}");

        var list = facade.get("/v1/threads");

        assertThat(AssistantsHandlerTests.ids(list))
                .containsExactly(idle.get("id").stringValue(), busy);
        assertThat(list.at("/data/0/status").stringValue()).isEqualTo("idle");
        assertThat(list.at("/data/1/status").stringValue()).isEqualTo("active");
        assertThat(((tools.jackson.databind.node.ObjectNode) list.get("data").get(0)).without("status"))
                .isEqualTo(idle);
        assertThat(idle.has("status")).isFalse();
        assertThat(list.get("first_id")).isEqualTo(list.at("/data/0/id"));
        assertThat(list.get("last_id")).isEqualTo(list.at("/data/1/id"));
        assertThat(list.get("has_more").booleanValue()).isFalse();
    }

    @Test
    void pagesFollowTheirCursors() {
        var ids = IntStream.range(0, 5).mapToObj(_ -> facade.newThread()).toList();

        var first = facade.get("/v1/threads?order=asc&limit=2");
        var second = facade.get("/v1/threads?order=asc&limit=2&after=" + ids.get(1));
        var before = facade.get("/v1/threads?order=asc&before=" + ids.get(1));

        assertThat(AssistantsHandlerTests.ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(first.get("has_more").booleanValue()).isTrue();
        assertThat(AssistantsHandlerTests.ids(second)).isEqualTo(ids.subList(2, 4));
        assertThat(AssistantsHandlerTests.ids(before)).containsExactly(ids.getFirst());
    }

    @Test
    void metadataAndStatusNarrowTheList() {
        var both = thread("{\"a b[]\":\"1+1=2\",\"k\":\"v\"}");
        var one = thread("{\"k\":\"v\"}");
        thread("{\"k\":\"other\"}");

        assertThat(listed("metadata[k]=v")).containsExactly(one, both);
        assertThat(listed("metadata%5Bk%5D=v")).containsExactly(one, both);
        assertThat(listed(encoded("metadata[a b[]]") + "=" + encoded("1+1=2") + "&metadata[k]=v"))
                .containsExactly(both);
        assertThat(listed("metadata[k]=")).isEmpty();
        facade.newRun(one);
        assertThat(listed("metadata[k]=v&status=active")).containsExactly(one);
        assertThat(listed("metadata[k]=v&status=idle")).containsExactly(both);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "state=idle | unknown_parameter | state",
                "metadata=a | unknown_parameter | metadata",
                "metadata[k=a | unknown_parameter | metadata[k",
                "status=busy | invalid_value | status",
                "metadata[k]=a&metadata[k]=b | invalid_value | metadata[k]",
                "metadata[k]=a%00b | invalid_value | metadata[k]",
                "metadata[%00]=a | invalid_value | metadata",
                "limit=0 | integer_below_min_value | limit",
                "after=run_1 | invalid_value | after",
            })
    void whatTheQueryCannotMeanIsRefused(String query, String code, String param) {
        var error = refused(query);

        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
    }

    @Test
    void metadataHaveTheirBoundsHereToo() {
        var many =
                IntStream.range(0, 17).mapToObj(i -> "metadata[k" + i + "]=v").collect(Collectors.joining("&"));

        assertThat(refused(many).get("code").stringValue()).isEqualTo("object_above_max_properties");
        assertThat(refused("metadata[" + "k".repeat(65) + "]=v").get("code").stringValue())
                .isEqualTo("property_name_above_max_length");
        assertThat(refused("metadata[k]=" + "v".repeat(513)).get("code").stringValue())
                .isEqualTo("string_above_max_length");
    }

    private String thread(String metadata) {
        return facade.post("/v1/threads", "{\"metadata\":" + metadata + "}")
                .get("id")
                .stringValue();
    }

    private java.util.List<String> listed(String query) {
        var answer = facade.client.get().uri(URI.create("/v1/threads?" + query)).exchange();
        return AssistantsHandlerTests.ids(dev.heddle.gateway.http.Json.read(
                answer.expectStatus().isOk().expectBody().returnResult().getResponseBody()));
    }

    private JsonNode refused(String query) {
        var answer = facade.client
                .method(GET)
                .uri(URI.create("/v1/threads?" + query))
                .exchange();
        return dev.heddle.gateway.http.Json.read(answer.expectStatus()
                        .isBadRequest()
                        .expectBody()
                        .returnResult()
                        .getResponseBody())
                .get("error");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
