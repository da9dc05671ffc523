package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Request;
import dev.heddle.bench.model.Script;

/** A conversation with one response in the background, which nobody reads unless a scenario does. */
record Followed(String thread, String response) {
    private static final String STATUS = "\"status\":\"";

    static Followed begin(Stage stage, Script script) {
        var conversation = stage.create("/v1/conversations", "{}");
        return new Followed("thread_" + conversation.substring("conv_".length()), respond(stage, conversation, script));
    }

    /** The stream of its thread, which does not end. */
    Request threadEvents() {
        return Request.get("/v1/threads/" + thread + "/events");
    }

    /** The stream of the response, which ends. */
    Request responseEvents() {
        return Request.get("/v1/responses/" + response + "?stream=true");
    }

    void awaitEnd(Stage stage) throws InterruptedException {
        try (var client = stage.clients().connect(stage.gateway().port())) {
            var ask = Request.get("/v1/responses/" + response);
            var shown = Checks.result(client.body(ask));
            while (shown.contains(STATUS + "queued") || shown.contains(STATUS + "in_progress")) {
                Thread.sleep(20);
                shown = Checks.result(client.body(ask));
            }
            if (!shown.contains(STATUS + "completed")) {
                throw new IllegalStateException("a response did not complete: " + shown.substring(0, 500));
            }
        }
    }

    private static String respond(Stage stage, String conversation, Script script) {
        return stage.create("/v1/responses", """
                {"model":"%s","conversation":"%s","background":true,"input":"What is a heddle?"}""".formatted(script.model(), conversation));
    }
}
