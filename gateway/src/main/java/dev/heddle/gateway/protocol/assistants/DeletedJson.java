package dev.heddle.gateway.protocol.assistants;

record DeletedJson(String id, String object, boolean deleted) {
    static DeletedJson assistant(String id) {
        return new DeletedJson(id, "assistant.deleted", true);
    }

    static DeletedJson thread(String id) {
        return new DeletedJson(id, "thread.deleted", true);
    }
}
