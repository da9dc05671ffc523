package dev.heddle.gateway.demo;

/** Somebody who asks something. */
record User(String name, String question) {}
