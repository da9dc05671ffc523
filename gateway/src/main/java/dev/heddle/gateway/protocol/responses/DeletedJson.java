package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.RunId;
import dev.heddle.streaming.run.ThreadId;

record DeletedJson(String id, String object, boolean deleted) {
    static DeletedJson response(RunId id) {
        return new DeletedJson(OpenAiIds.response(id), "response", true);
    }

    static DeletedJson conversation(ThreadId id) {
        return new DeletedJson(OpenAiIds.conversation(id), "conversation.deleted", true);
    }
}
