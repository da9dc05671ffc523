package dev.heddle.gateway.protocol.assistants;

record DeletedJson(String id, String object, boolean deleted) {
    static DeletedJson assistant(String id) {
        return new DeletedJson(id, "assistant.deleted", true);
    }

    static DeletedJson thread(String id) {
        return new DeletedJson(id, "thread.deleted", true);
    }

    static DeletedJson message(String id) {
        return new DeletedJson(id, "thread.message.deleted", true);
    }

    /** Ours: a run that was taken out of the queue. */
    static DeletedJson withdrawnRun(String id) {
        return new DeletedJson(id, "thread.run.withdrawn", true);
    }
}
