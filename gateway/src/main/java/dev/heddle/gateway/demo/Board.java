package dev.heddle.gateway.demo;

import dev.heddle.gateway.demo.Screen.Colour;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the events of a thread as they come, each run in a column of its own. Read row by row and each row from left to
 * right, they stand in the order of the thread. A row begins with the {@code seq} of its first event, a cell with its
 * {@code run_seq} and, where it has one, its output index. Confined to one thread.
 */
final class Board {
    private static final String LINE = " │ ";
    private static final int NUMBERS_WIDTH = 6;
    private static final int TEXT_WIDTH = 16;
    private static final int NO_ROW = Integer.MAX_VALUE;

    private final Screen screen;
    private final List<String> names;
    private final List<String> runs;
    private int column = NO_ROW;
    private int used;
    private boolean full;

    /** The names and ids of the runs, in the order of the columns. */
    Board(Screen screen, List<String> names, List<String> runs) {
        this.screen = screen;
        this.names = List.copyOf(names);
        this.runs = List.copyOf(runs);
    }

    void header() {
        var heads = new StringBuilder(" seq");
        var rule = new StringBuilder("────");
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            var name = last ? names.get(i) : padded(names.get(i));
            heads.append(LINE).append(" ".repeat(NUMBERS_WIDTH)).append(paint(i, name));
            rule.append("─┼─").append("─".repeat(NUMBERS_WIDTH + TEXT_WIDTH));
        }
        screen.line(heads.toString());
        screen.line(rule.toString());
    }

    void show(Event event) {
        int of = runs.indexOf(event.run());
        if (of < 0) {
            endRow();
            screen.line(faint("%4d".formatted(event.seq()) + LINE + label(event) + " of the thread itself"));
        } else if (event.text().isEmpty()) {
            beginCell(of, event);
            add(label(event), Colour.FAINT);
            full = true;
        } else {
            pieces(event.text()).forEach(piece -> put(of, event, piece));
        }
    }

    /** What comes next begins a row. */
    void endRow() {
        if (column != NO_ROW) {
            screen.line("");
            column = NO_ROW;
        }
    }

    private void put(int of, Event event, String piece) {
        if (of != column || full || used + piece.length() > TEXT_WIDTH) {
            beginCell(of, event);
        }
        add(used == 0 ? piece.stripLeading() : piece, Colour.ofRun(of));
    }

    private void add(String text, Colour colour) {
        screen.part(screen.paint(colour, text));
        used += text.length();
    }

    /** In the same row where that is farther to the right, else in a new one. */
    private void beginCell(int of, Event event) {
        if (of <= column) {
            endRow();
            screen.part(faint("%4d".formatted(event.seq())));
            column = -1;
        } else {
            screen.part(" ".repeat(TEXT_WIDTH - used));
        }
        var skipped = LINE + " ".repeat(NUMBERS_WIDTH + TEXT_WIDTH);
        screen.part(skipped.repeat(of - column - 1) + LINE);
        screen.part(faint("%3d %1s ".formatted(event.runSeq(), event.outputIndex())));
        column = of;
        used = 0;
        full = false;
    }

    /** What happened where no text was added. The first event of a run tells its place in the thread. */
    private static String label(Event event) {
        return switch (event.name()) {
            case "run.admitted" -> "[turn " + event.turn() + "]";
            case "model_call.started" -> "[model called]";
            case "model_call.ended" -> "[model done]";
            default -> "[" + event.name().replace("run.", "").replace('.', ' ') + "]";
        };
    }

    /** The text in pieces that fit into a cell, in one line. */
    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        var line = text.replaceAll("\\p{Cntrl}+", " ");
        for (int begin = 0; begin < line.length(); begin += TEXT_WIDTH) {
            pieces.add(line.substring(begin, Math.min(line.length(), begin + TEXT_WIDTH)));
        }
        return pieces;
    }

    private static String padded(String name) {
        return name + " ".repeat(TEXT_WIDTH - name.length());
    }

    private String faint(String text) {
        return screen.paint(Colour.FAINT, text);
    }

    private String paint(int of, String text) {
        return screen.paint(Colour.ofRun(of), text);
    }
}
