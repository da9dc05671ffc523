package dev.heddle.gateway.testing;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which script answers which question, and how often it still fails. */
final class Scripts {
    private final Map<String, Script> byPart = new LinkedHashMap<>();
    private final Map<String, Integer> failed = new LinkedHashMap<>();
    private Script others = Script.ECHO;

    /** For all questions that have no script of their own. */
    synchronized void set(Script script) {
        others = script;
        failed.clear();
    }

    /** For questions that contain {@code part}; the newest such script wins. */
    synchronized void setFor(String part, Script script) {
        byPart.remove(part);
        byPart.put(part, script);
        failed.clear();
    }

    synchronized void reset() {
        byPart.clear();
        set(Script.ECHO);
    }

    /** The script that answers this prompt next, its failure gone once it has failed often enough. */
    synchronized Script next(Prompt prompt) {
        var script = scriptFor(prompt);
        if (script.failures == Integer.MAX_VALUE) {
            return script;
        }
        int failures = failed.merge(prompt.round() + " " + prompt.question(), 1, Integer::sum);
        return failures <= script.failures ? script : script.failing(Failure.NONE);
    }

    /** The script for the round to which this prompt has come, its directives heeded. */
    synchronized Script scriptFor(Prompt prompt) {
        return ScriptOptions.fromMessage(scriptOf(prompt.question()), prompt.question(), prompt.round());
    }

    private Script scriptOf(String question) {
        return byPart.entrySet().stream()
                .filter(entry -> question.contains(entry.getKey()))
                .reduce((_, later) -> later)
                .map(Map.Entry::getValue)
                .orElse(others);
    }
}
