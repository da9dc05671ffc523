package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.TicketFilter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Every path of the Assistants API, and what we add to it: the list and copies of threads, the stream of a run and the
 * queue.
 */
final class AssistantsRoutes {
    private final AssistantsHandler assistants;
    private final ThreadsHandler threads;
    private final CopiesHandler copies;
    private final MessagesHandler messages;
    private final NewRunsHandler newRuns;
    private final RunsHandler runs;
    private final OutputsHandler outputs;
    private final StepsHandler steps;
    private final QueueHandler queue;
    private final EventsHandler events;

    AssistantsRoutes(
            AssistantsHandler assistants,
            ThreadsHandler threads,
            CopiesHandler copies,
            MessagesHandler messages,
            NewRunsHandler newRuns,
            RunsHandler runs,
            OutputsHandler outputs,
            StepsHandler steps,
            QueueHandler queue,
            EventsHandler events) {
        this.assistants = assistants;
        this.threads = threads;
        this.copies = copies;
        this.messages = messages;
        this.newRuns = newRuns;
        this.runs = runs;
        this.outputs = outputs;
        this.steps = steps;
        this.queue = queue;
        this.events = events;
    }

    /** The operations for whoever has a key; what they refuse, and how they fail, is told as OpenAI tells it. */
    RouterFunction<ServerResponse> routes(KeyFilter keys, TicketFilter tickets) {
        return operations().filter(keys).and(streams().filter(tickets)).filter(AssistantsErrors::filter);
    }

    /** What a stream ticket opens, too. */
    private RouterFunction<ServerResponse> streams() {
        return RouterFunctions.route()
                .GET("/v1/threads/{thread_id}/runs/{run_id}/events", events::ofRun)
                .build();
    }

    /** Of two paths that match, the first one serves: {@code /threads/runs} is no thread. */
    private RouterFunction<ServerResponse> operations() {
        return RouterFunctions.route()
                .GET("/v1/assistants", assistants::list)
                .POST("/v1/assistants", assistants::create)
                .GET("/v1/assistants/{assistant_id}", assistants::get)
                .POST("/v1/assistants/{assistant_id}", assistants::modify)
                .DELETE("/v1/assistants/{assistant_id}", assistants::delete)
                .GET("/v1/threads", threads::list)
                .POST("/v1/threads", threads::create)
                .POST("/v1/threads/runs", newRuns::createWithThread)
                .GET("/v1/threads/{thread_id}", threads::get)
                .POST("/v1/threads/{thread_id}", threads::modify)
                .DELETE("/v1/threads/{thread_id}", threads::delete)
                .POST("/v1/threads/{thread_id}/fork", copies::fork)
                .POST("/v1/threads/{thread_id}/copy_to/{target_id}", copies::copyTo)
                .POST("/v1/threads/{thread_id}/merge_from/{source_id}", copies::mergeFrom)
                .GET("/v1/threads/{thread_id}/messages", messages::list)
                .POST("/v1/threads/{thread_id}/messages", messages::create)
                .GET("/v1/threads/{thread_id}/messages/{message_id}", messages::get)
                .POST("/v1/threads/{thread_id}/messages/{message_id}", messages::modify)
                .DELETE("/v1/threads/{thread_id}/messages/{message_id}", messages::delete)
                .GET("/v1/threads/{thread_id}/queue", queue::list)
                .DELETE("/v1/threads/{thread_id}/queue/{run_id}", queue::withdraw)
                .GET("/v1/threads/{thread_id}/runs", runs::list)
                .POST("/v1/threads/{thread_id}/runs", newRuns::create)
                .GET("/v1/threads/{thread_id}/runs/{run_id}", runs::get)
                .POST("/v1/threads/{thread_id}/runs/{run_id}", runs::modify)
                .POST("/v1/threads/{thread_id}/runs/{run_id}/cancel", runs::cancel)
                .POST("/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs", outputs::submit)
                .GET("/v1/threads/{thread_id}/runs/{run_id}/steps", steps::list)
                .GET("/v1/threads/{thread_id}/runs/{run_id}/steps/{step_id}", steps::get)
                .build();
    }
}
