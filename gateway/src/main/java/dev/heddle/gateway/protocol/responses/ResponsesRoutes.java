package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.KeyFilter;
import dev.heddle.gateway.http.openai.TicketFilter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Every path of the Responses and Conversations APIs. */
final class ResponsesRoutes {
    private final NewResponsesHandler newResponses;
    private final ResponsesHandler responses;
    private final ConversationsHandler conversations;
    private final ConversationItemsHandler items;
    private final SocketsHandler sockets;
    private final ContextHandler contexts;

    ResponsesRoutes(
            NewResponsesHandler newResponses,
            ResponsesHandler responses,
            ConversationsHandler conversations,
            ConversationItemsHandler items,
            SocketsHandler sockets,
            ContextHandler contexts) {
        this.newResponses = newResponses;
        this.responses = responses;
        this.conversations = conversations;
        this.items = items;
        this.sockets = sockets;
        this.contexts = contexts;
    }

    /** The operations for whoever has a key; what they refuse, and how they fail, is told as OpenAI tells it. */
    RouterFunction<ServerResponse> routes(KeyFilter keys, TicketFilter tickets) {
        return operations().filter(keys).and(streams().filter(tickets)).filter(ResponsesErrors::filter);
    }

    /** What a stream ticket opens, too. */
    private RouterFunction<ServerResponse> streams() {
        return RouterFunctions.route()
                .GET("/v1/responses/{response_id}", responses::get)
                .build();
    }

    private RouterFunction<ServerResponse> operations() {
        return RouterFunctions.route()
                .GET("/v1/responses", sockets::open)
                .POST("/v1/responses", newResponses::create)
                .POST("/v1/responses/compact", contexts::compact)
                .POST("/v1/responses/input_tokens", contexts::countTokens)
                .DELETE("/v1/responses/{response_id}", responses::delete)
                .POST("/v1/responses/{response_id}/cancel", responses::cancel)
                .GET("/v1/responses/{response_id}/input_items", responses::inputItems)
                .POST("/v1/conversations", conversations::create)
                .GET("/v1/conversations/{conversation_id}", conversations::get)
                .POST("/v1/conversations/{conversation_id}", conversations::modify)
                .DELETE("/v1/conversations/{conversation_id}", conversations::delete)
                .POST("/v1/conversations/{conversation_id}/items", items::create)
                .GET("/v1/conversations/{conversation_id}/items", items::list)
                .GET("/v1/conversations/{conversation_id}/items/{item_id}", items::get)
                .DELETE("/v1/conversations/{conversation_id}/items/{item_id}", items::delete)
                .build();
    }
}
