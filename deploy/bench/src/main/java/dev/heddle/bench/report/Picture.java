package dev.heddle.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * A scenario's figures as an SVG: each a bar up to its median on a scale of its own, a line from its least to its greatest
 * sample, and its goal. It is readable on light and on dark pages.
 */
final class Picture {
    private static final int WIDTH = 860;
    private static final int ROW = 30;
    private static final int TOP = 44;
    private static final int BAR_X = 330;
    private static final int BAR_WIDTH = 330;
    private static final String STYLE = """
            <style>
            text { font: 13px system-ui, sans-serif; fill: #1f2328; }
            .name { font-weight: 600; font-size: 15px; }
            .quiet { fill: #59636e; }
            .bar { fill: #0969da; } .met { fill: #1a7f37; } .missed { fill: #bc4c00; }
            .range { stroke: #1f2328; stroke-width: 1.5; } .goal { stroke: #cf222e; stroke-width: 2; stroke-dasharray: 4 2; }
            @media (prefers-color-scheme: dark) {
            text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
            .bar { fill: #4493f8; } .met { fill: #3fb950; } .missed { fill: #db6d28; }
            .range { stroke: #f0f6fc; } .goal { stroke: #ff7b72; }
            }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();

    private Picture() {}

    static String of(String scenario, List<Figure> figures) {
        var picture = new Picture();
        int height = TOP + ROW * figures.size() + 8;
        picture.svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n",
                WIDTH,
                height,
                WIDTH,
                height));
        picture.svg.append(String.format(Locale.ROOT, "<title>%s</title>\n", escaped(scenario)));
        picture.svg.append(STYLE);
        picture.text(8, 22, "name", scenario);
        picture.text(BAR_X, 22, "quiet", "bar: median; line: all samples; dashed: goal");
        for (int i = 0; i < figures.size(); i++) {
            picture.row(figures.get(i), TOP + ROW * i);
        }
        return picture.svg.append("</svg>\n").toString();
    }

    private void row(Figure figure, int y) {
        var scale = Scale.of(figure);
        double middle = y + ROW / 2.0;
        text(8, middle + 4, "label", figure.name());
        rectangle(x(scale, 0), x(scale, figure.median()), y + 5, kind(figure));
        line("range", x(scale, figure.min()), middle, x(scale, figure.max()), middle);
        scale.goal().ifPresent(limit -> line("goal", x(scale, limit), y + 2, x(scale, limit), y + ROW - 2));
        var goal = Texts.goal(figure.goal());
        text(BAR_X + BAR_WIDTH + 10, middle + 4, "value", Texts.number(figure.median()) + " " + figure.unit());
        text(WIDTH - 80, middle + 4, "quiet", goal);
    }

    private static double x(Scale scale, double value) {
        return BAR_X + BAR_WIDTH * scale.at(value);
    }

    private void rectangle(double from, double to, double y, String kind) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n",
                kind,
                Math.min(from, to),
                y,
                Math.abs(to - from),
                ROW - 10));
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                kind,
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String kind, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", kind, x, y, escaped(text)));
    }

    private static String kind(Figure figure) {
        return figure.goal() instanceof Goal.None ? "bar" : figure.isMet() ? "met" : "missed";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
