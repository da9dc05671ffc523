package dev.heddle.persistence;

/**
 * The key under which a client may repeat a request of its tenant, and what tells that request from others.
 *
 * @param bodyHash a digest of the request's body
 */
public record RequestKey(String key, String method, String path, String bodyHash) {}
