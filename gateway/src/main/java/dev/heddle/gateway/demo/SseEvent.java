package dev.heddle.gateway.demo;

/** One server-sent event; {@code id} is empty where it has none. */
record SseEvent(String id, String name, String data) {}
