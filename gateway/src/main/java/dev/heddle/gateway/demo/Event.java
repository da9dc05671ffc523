package dev.heddle.gateway.demo;

import tools.jackson.databind.JsonNode;

/**
 * An event of a thread's stream; two are equal when all their JSON is.
 *
 * @param seq its number in the thread
 * @param turn of its run, the run's place in the thread; 0 for an event of the thread itself
 * @param run the run's id; empty for an event of the thread itself
 * @param runSeq its number in its run
 * @param outputIndex of its output item; empty for an event of none
 * @param text what it adds to the answer; empty for most
 * @param json all of it
 */
record Event(long seq, long turn, String name, String run, long runSeq, String outputIndex, String text, String json) {

    static Event of(SseEvent event) {
        var json = Api.json(event.data());
        return new Event(
                json.path("seq").longValue(0),
                json.path("turn").longValue(0),
                event.name(),
                json.path("run_id").stringValue(""),
                json.path("run_seq").longValue(0),
                outputIndex(json.path("output_index")),
                json.path("text").stringValue(""),
                event.data());
    }

    boolean isOfRun() {
        return !run.isEmpty();
    }

    boolean endsRun() {
        return switch (name) {
            case "run.completed", "run.incomplete", "run.failed", "run.cancelled", "run.expired" -> true;
            default -> false;
        };
    }

    private static String outputIndex(JsonNode index) {
        return index.isNumber() ? Long.toString(index.longValue()) : "";
    }
}
