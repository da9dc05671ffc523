package dev.heddle.gateway.protocol.assistants;

import dev.heddle.gateway.http.openai.JsonFields;
import dev.heddle.persistence.NewItem;
import java.util.Optional;

/** A message for a thread that exists, and what becomes of it while runs are active. */
record NewMessageRequest(NewItem message, Optional<OnActiveRunRequest> onActiveRun) {
    static NewMessageRequest read(JsonFields fields) {
        var onActiveRun = OnActiveRunRequest.read(fields);
        return new NewMessageRequest(MessageRequest.readAlone(fields), onActiveRun);
    }
}
