package dev.heddle.gateway.protocol.assistants;

import dev.heddle.streaming.run.RunFailure;

/** Why a run or a step failed. */
record ErrorJson(String code, String message) {
    static ErrorJson ofRun(RunFailure failure) {
        return new ErrorJson(
                switch (failure.code()) {
                    case SERVER_ERROR -> "server_error";
                    case RATE_LIMIT_EXCEEDED -> "rate_limit_exceeded";
                    case INVALID_PROMPT -> "invalid_prompt";
                },
                failure.message());
    }

    /** Steps know fewer codes. */
    static ErrorJson ofStep(RunFailure failure) {
        return new ErrorJson(
                switch (failure.code()) {
                    case SERVER_ERROR, INVALID_PROMPT -> "server_error";
                    case RATE_LIMIT_EXCEEDED -> "rate_limit_exceeded";
                },
                failure.message());
    }
}
