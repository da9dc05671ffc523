package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.gateway.http.openai.StrategyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The queue of a thread, an object of ours. Places count from 1. */
record QueueJson(String object, List<Place> data) {
    record Place(
            String run_id,
            String status,
            int place,
            String multitask_strategy,
            long created_at,
            WaitingFor waiting_for) {}

    record WaitingFor(String reason, List<String> run_ids) {}

    static QueueJson of(Queue queue) {
        var places = new ArrayList<Place>();
        queue.runs().forEach(waiting -> places.add(place(waiting, places.size() + 1)));
        return new QueueJson("list", places);
    }

    private static Place place(Queue.Waiting waiting, int place) {
        var run = waiting.run();
        return new Place(
                OpenAiIds.run(run.key().id()),
                RunJson.status(run.status()),
                place,
                StrategyRequest.word(run.strategy()),
                run.createdAt().getEpochSecond(),
                new WaitingFor(
                        waiting.reason().name().toLowerCase(Locale.ROOT),
                        waiting.awaited().stream().map(OpenAiIds::run).toList()));
    }
}
