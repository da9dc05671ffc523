package dev.heddle.gateway.protocol.assistants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** Streams as they must be, byte for byte: {@code golden/*.sse}. */
final class Golden {
    private Golden() {}

    static String read(String name) {
        try {
            return Files.readString(folder().resolve(name + ".sse"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    static Set<String> names() {
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString().replace(".sse", ""))
                    .collect(Collectors.toSet());
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static Path folder() {
        try {
            return Path.of(Golden.class.getResource("golden").toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
