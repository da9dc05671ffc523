package dev.heddle.persistence.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTests {
    @TempDir
    private Path directory;

    @Test
    void whatIsSaidIsAddedToTheFile() throws IOException {
        said("one\ntwo\n");
        said("three\n");

        assertThat(directory.resolve("log")).content().isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void theLastWordsAreTheLastLines() {
        assertThat(said("1\n2\n3\n4\n5\n6\n7\n").lastWords()).isEqualTo("2 | 3 | 4 | 5 | 6 | 7");
    }

    @Test
    void theFileDoesNotGrowForEver() throws IOException {
        var line = "x".repeat(99_999) + "\n";

        said(line.repeat(120));

        assertThat(Files.size(directory.resolve("log"))).isLessThan(5_200_000);
        assertThat(Files.size(directory.resolve("log.1"))).isBetween(5_000_000L, 5_200_000L);
        assertThat(directory).isDirectoryNotContaining("glob:**/log.2");
    }

    @Test
    void aServerIsReadToItsEndAlsoWhenTheFileCannotBeWritten() throws IOException {
        Files.createDirectory(directory.resolve("log"));

        assertThat(said("one\ntwo\n").lastWords()).isEqualTo("one | two");
    }

    private ServerLog said(String text) {
        var log = new ServerLog(new ByteArrayInputStream(text.getBytes(UTF_8)), directory.resolve("log"));
        log.lastWords();
        return log;
    }
}
