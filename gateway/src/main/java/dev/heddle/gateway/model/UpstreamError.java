package dev.heddle.gateway.model;

/**
 * What a model's server says went wrong; members it left out are empty.
 *
 * @param message short, on one line, and without the gateway's key
 */
record UpstreamError(String message, String type, String code) {
    static final UpstreamError UNSAID = new UpstreamError("", "", "");

    UpstreamError withMessage(String other) {
        return new UpstreamError(other, type, code);
    }

    UpstreamError withType(String other) {
        return new UpstreamError(message, other, code);
    }

    UpstreamError withCode(String other) {
        return new UpstreamError(message, type, other);
    }
}
