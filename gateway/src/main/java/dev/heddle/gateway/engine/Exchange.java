package dev.heddle.gateway.engine;

import java.util.List;

/** Messages that a model understands only together: a single one, or an answer that asked for functions and its outputs. */
record Exchange(List<ContextMessage> messages) {
    Exchange {
        messages = List.copyOf(messages);
    }

    static Exchange of(ContextMessage message) {
        return new Exchange(List.of(message));
    }
}
