package dev.heddle.gateway.testing;

import java.util.List;

/** A stretch of what a script says, in the order in which it is said. */
sealed interface Stretch {
    /** One chunk each. */
    record Text(List<String> texts) implements Stretch {
        public Text {
            texts = List.copyOf(texts);
        }
    }

    /** What leads to the answer; one chunk each. */
    record Reasoning(List<String> texts) implements Stretch {
        public Reasoning {
            texts = List.copyOf(texts);
        }
    }

    /** Sent in the shape that the script says. */
    record Calls(List<ScriptedCall> calls) implements Stretch {
        public Calls {
            calls = List.copyOf(calls);
        }
    }
}
