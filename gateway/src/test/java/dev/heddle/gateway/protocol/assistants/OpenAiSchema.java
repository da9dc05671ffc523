package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.heddle.gateway.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * OpenAI's own description of its objects. It is not part of the repository: where {@code shared/spec} does not stand
 * beside the checkout, the tests that need it are skipped and say so.
 */
final class OpenAiSchema {
    private static final String FILE = "shared/spec/assistants-openapi.json";
    private static final String BASE = "https://openai.test/assistants.json";
    private static final Optional<SchemaRegistry> REGISTRY = find().map(OpenAiSchema::registry);
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private OpenAiSchema() {}

    /** Fails unless the JSON is what the schema of this name describes. */
    static void check(String name, String json) {
        assumeTrue(REGISTRY.isPresent(), FILE + " was not found above the project: schemas are not checked");
        var schema = SCHEMAS.computeIfAbsent(name, OpenAiSchema::schema);
        var errors = schema.validate(Json.read(Json.utf8(json)));
        assertThat(errors).as(name + " " + json).isEmpty();
    }

    /** Checks one frame of a stream as an event of the API. */
    static void checkFrame(String frame) {
        String event = line(frame, "event: ");
        String data = line(frame, "data: ");
        String json = data.equals("[DONE]") ? "\"[DONE]\"" : data;
        check("AssistantStreamEvent", "{\"event\":\"" + event + "\",\"data\":" + json + "}");
    }

    private static Schema schema(String name) {
        return REGISTRY.orElseThrow().getSchema(SchemaLocation.of(BASE + "#/components/schemas/" + name));
    }

    private static SchemaRegistry registry(Path file) {
        try {
            String text = Files.readString(file);
            return SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(BASE, text)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Optional<Path> find() {
        var here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve(FILE))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static String line(String frame, String field) {
        return frame.lines()
                .filter(line -> line.startsWith(field))
                .findFirst()
                .map(line -> line.substring(field.length()))
                .orElseThrow();
    }
}
