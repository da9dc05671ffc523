package dev.heddle.bench.scenario;

import java.util.List;

/** Who is asked: the floor, or the gateway by one of its protocols. */
enum Server {
    PROXY("proxy"),
    ASSISTANTS("assistants"),
    RESPONSES("responses");

    static final List<Server> PROTOCOLS = List.of(ASSISTANTS, RESPONSES);

    private final String title;

    Server(String title) {
        this.title = title;
    }

    /** As figures name it. */
    String title() {
        return title;
    }
}
