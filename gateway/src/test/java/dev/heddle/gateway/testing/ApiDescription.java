package dev.heddle.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One of the descriptions of the Responses API: its schemas, and which of them is whose event. */
final class ApiDescription {
    private static final String SCHEMAS = "/components/schemas/";

    private final String base;
    private final SchemaRegistry registry;
    private final Map<String, String> events;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private ApiDescription(Path file) {
        String text = read(file);
        this.base = "https://responses.test/" + file.getFileName();
        this.registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(base, text)));
        this.events = events(TestClient.JSON.readTree(text).at("/components/schemas"));
    }

    /** Empty when {@code shared/spec} does not stand beside the checkout: it is not part of the repository. */
    static Optional<ApiDescription> find(String name) {
        var here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve("shared/spec").resolve(name))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(ApiDescription::new);
    }

    /** Fails unless the JSON is what the schema of this name describes. */
    void check(String name, JsonNode json) {
        var schema = schemas.computeIfAbsent(name, this::schema);
        assertThat(schema.validate(json)).as(base + " " + name + " " + json).isEmpty();
    }

    /** The name of the schema of an event; empty when it describes no such event. */
    Optional<String> schemaOf(String event) {
        return Optional.ofNullable(events.get(event));
    }

    private Schema schema(String name) {
        return registry.getSchema(SchemaLocation.of(base + "#" + SCHEMAS + name));
    }

    /** Every schema that is called an event and is told by one type. */
    private static Map<String, String> events(JsonNode schemas) {
        var events = new HashMap<String, String>();
        for (Map.Entry<String, JsonNode> schema : schemas.properties()) {
            JsonNode type = schema.getValue().at("/properties/type/enum/0");
            boolean ofStreams =
                    schema.getKey().startsWith("Response") || schema.getKey().equals("ErrorStreamingEvent");
            if (ofStreams && schema.getKey().endsWith("Event") && type.isString()) {
                events.put(type.stringValue(), schema.getKey());
            }
        }
        return events;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
