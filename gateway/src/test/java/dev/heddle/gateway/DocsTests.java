package dev.heddle.gateway;

import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.server.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What the documentation says about files, settings and commands is so. */
class DocsTests {
    private static final Path ROOT = root(Path.of("").toAbsolutePath());
    private static final Pattern FENCED = Pattern.compile("^```.*?^```$", MULTILINE | Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", MULTILINE);
    private static final Pattern SETTING =
            Pattern.compile("^\\| `(heddle\\.[a-z.\\[\\]-]+)` \\|[^|]+\\| (?:`([^`]+)`|none) \\|", MULTILINE);
    private static final Pattern TEST_COMMAND = Pattern.compile("^## Test\\s+```sh\\n(.+)\\n```$", MULTILINE);

    @ParameterizedTest
    @MethodSource("pages")
    void everyRelativeLinkLeadsSomewhere(Path page) {
        var links = LINK.matcher(FENCED.matcher(text(page)).replaceAll("")).results();

        assertThat(links)
                .allSatisfy(link -> assertThat(leadsSomewhere(page, link.group(1), link.group(2)))
                        .as(link.group())
                        .isTrue());
    }

    @Test
    void everySettingIsDocumentedWithItsDefaultAndNoOther() throws ClassNotFoundException {
        var settings = new TreeMap<String, String>();
        putAll(settings, ServerSettings.class);
        putAll(settings, Class.forName("dev.heddle.persistence.postgres.PostgresSettings"));

        var documented = new TreeMap<String, String>();
        SETTING.matcher(text(ROOT.resolve("docs/operations.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2) == null ? "" : row.group(2)));

        assertThat(documented).isEqualTo(settings);
    }

    @Test
    void ciRunsTheTestCommandOfTheReadmeAndNothingElse() {
        Matcher command = TEST_COMMAND.matcher(text(ROOT.resolve("README.md")));

        assertThat(command.find()).isTrue();
        assertThat(text(ROOT.resolve(".ci/run")).lines())
                .filteredOn(line -> line.contains("mvn"))
                .containsExactly("exec " + command.group(1));
    }

    static Stream<Path> pages() throws IOException {
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            var pages = docs.filter(file -> file.toString().endsWith(".md")).toList();
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), pages.stream());
        }
    }

    private static boolean leadsSomewhere(Path page, String file, String heading) {
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        return Files.exists(target) && (heading == null || hasHeading(target, heading));
    }

    /** As GitHub makes anchors of headings. */
    private static boolean hasHeading(Path page, String anchor) {
        return HEADING.matcher(text(page))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", ""))
                .anyMatch(heading -> heading.replace(' ', '-').equals(anchor));
    }

    private static void putAll(Map<String, String> settings, Class<?> type) {
        putAll(settings, type.getAnnotation(ConfigurationProperties.class).value(), type);
    }

    private static void putAll(Map<String, String> settings, String prefix, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            var name = prefix + "."
                    + component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                putAll(settings, name, component.getType());
            } else if (elementOf(component).isRecord()) {
                putAll(settings, name + "[n]", elementOf(component));
            } else {
                settings.put(name, defaultOf(type, component));
            }
        }
    }

    /** Of a list; otherwise no record. */
    private static Class<?> elementOf(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                        && list.getActualTypeArguments()[0] instanceof Class<?> element
                ? element
                : Object.class;
    }

    /** The annotation stands on the constructor's parameter: it is none of a record's components. */
    private static String defaultOf(Class<?> type, RecordComponent component) {
        return Arrays.stream(type.getDeclaredConstructors()[0].getParameters())
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .flatMap(parameter -> Arrays.stream(parameter.getAnnotationsByType(DefaultValue.class)))
                .flatMap(annotation -> Arrays.stream(annotation.value()))
                .findFirst()
                .orElse("");
    }

    private static Path root(Path directory) {
        return Files.exists(directory.resolve(".ci/run")) ? directory : root(directory.getParent());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
