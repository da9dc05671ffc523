package dev.heddle.gateway.demo;

import java.io.PrintStream;
import java.util.List;

/** Where the demo is watched: a terminal, in colours if it shows them, or a file. Up to 80 columns wide. Safe to use by several threads. */
public final class Screen {
    static final int WIDTH = 79;

    private final PrintStream out;
    private final boolean colours;
    private boolean ended;

    public Screen(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** Prints a line. */
    public void line(String text) {
        part(text + System.lineSeparator());
    }

    /** Prints a part of a line, to be seen at once. */
    public synchronized void part(String text) {
        if (!ended) {
            out.print(text);
            out.flush();
        }
    }

    /** Prints a last line, in the middle of whatever is being told; nothing is printed after it. */
    public synchronized void end(String lastLine) {
        part(System.lineSeparator() + lastLine + System.lineSeparator());
        ended = true;
    }

    /** The text in a colour. Ends with the usual one, so that a demo that is killed leaves no colour behind. */
    String paint(Colour colour, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
    }

    /** The colours; those of runs tell them apart, on dark and on light ground. */
    enum Colour {
        FIRST("36"),
        SECOND("33"),
        THIRD("35"),
        GOOD("32"),
        BAD("1;31"),
        TITLE("1"),
        FAINT("2");

        private static final List<Colour> RUNS = List.of(FIRST, SECOND, THIRD);

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        static Colour ofRun(int index) {
            return RUNS.get(index % RUNS.size());
        }
    }
}
