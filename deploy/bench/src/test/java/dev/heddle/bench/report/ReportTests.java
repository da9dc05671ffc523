package dev.heddle.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.json.JsonMapper;

class ReportTests {
    private static final Figure CPU =
            new Figure("tokens-200", "CPU / proxy's: <a & b>", "×", Goal.atMost(1.3), List.of(1.2, 2.0, 2.2));
    private static final Figure RATE =
            new Figure("runs-64", "runs", "1/s", Goal.atLeast(500), List.of(480.0, 510.0, 530.0));
    private static final Figure ADDED = new Figure("runs-64", "added latency", "ms", Goal.NONE, List.of(-1.5));
    private static final Report REPORT = new Report("2 processors", List.of(CPU, RATE, ADDED));

    @Test
    void everyScenarioHasAPictureThatIsWellFormed(@TempDir Path directory) throws Exception {
        REPORT.writePictures(directory);

        var tokens = xml(Files.readString(directory.resolve("tokens-200.svg")));
        var runs = xml(Files.readString(directory.resolve("runs-64.svg")));
        assertThat(tokens.getDocumentElement().getTextContent()).contains("CPU / proxy's: <a & b>", "≤ 1.3");
        assertThat(runs.getElementsByTagName("rect").getLength()).isEqualTo(2);
    }

    @Test
    void aPictureKeepsEverythingWithinItsEdges() throws Exception {
        var picture = xml(Picture.of("runs-64", List.of(RATE, ADDED)));

        var bars = picture.getElementsByTagName("rect");
        for (int i = 0; i < bars.getLength(); i++) {
            var attributes = bars.item(i).getAttributes();
            double x = Double.parseDouble(attributes.getNamedItem("x").getNodeValue());
            double width = Double.parseDouble(attributes.getNamedItem("width").getNodeValue());
            assertThat(x).isBetween(330.0, 660.0);
            assertThat(x + width).isLessThanOrEqualTo(660);
        }
    }

    @Test
    void theJsonHasEverySampleAndTheGoal() {
        var json = JsonMapper.shared().readTree(REPORT.json());

        var cpu = json.get("figures").get(0);
        assertThat(json.get("machine").asString()).isEqualTo("2 processors");
        assertThat(cpu.get("samples").size()).isEqualTo(3);
        assertThat(cpu.get("median").asDouble()).isEqualTo(2);
        assertThat(cpu.get("at_most").asDouble()).isEqualTo(1.3);
        assertThat(json.get("figures").get(2).has("at_most")).isFalse();
    }

    @Test
    void thePageTellsGoalsThatAreMetFromThoseThatAreNot() {
        var page = Markdown.of(REPORT);

        assertThat(page).contains("| `tokens-200` | CPU / proxy's: <a & b> | ≤ 1.3 × | 2.00 | **no** |");
        assertThat(page).contains("| `runs-64` | runs | ≥ 500 1/s | 510 | yes |");
        assertThat(page).contains("(pictures/runs-64.svg)");
    }

    @Test
    void onlyThePartOfAPageThatIsMarkedIsReplaced() {
        var page = "# Performance\n<!-- figures -->\nold\n<!-- end of figures -->\n## Limits\n";

        var replaced = Markdown.into(page, REPORT);

        assertThat(replaced)
                .startsWith("# Performance\n<!-- figures -->\n")
                .endsWith("<!-- end of figures -->\n## Limits\n");
        assertThat(replaced).contains("2 processors.").doesNotContain("old");
        assertThat(Markdown.into(replaced, REPORT)).isEqualTo(replaced);
    }

    @Test
    void theTableTellsTheSame() {
        assertThat(Table.of(REPORT.figures())).contains("≤ 1.3  MISSED").contains("≥ 500  met");
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
