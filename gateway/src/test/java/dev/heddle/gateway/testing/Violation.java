package dev.heddle.gateway.testing;

import tools.jackson.databind.JsonNode;

/** A rule of the Responses API that was broken, in a sentence that says what should be. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private Violation(String sentence) {
        super(sentence);
    }

    static Violation of(String sentence) {
        return new Violation(sentence);
    }

    static void unless(boolean held, String sentence) {
        if (!held) {
            throw new Violation(sentence);
        }
    }

    static void unlessSame(Object actual, Object expected, String what) {
        unless(actual.equals(expected), what + " should be " + expected + ", not " + actual);
    }

    /** The member, which must be there. */
    static JsonNode member(JsonNode object, String name) {
        unless(object.has(name), "there should be a member " + name + " in " + object);
        return object.get(name);
    }

    /** The member as text, which it must be. */
    static String text(JsonNode object, String name) {
        JsonNode member = member(object, name);
        unless(member.isString(), name + " should be a string, not " + member);
        return member.stringValue();
    }

    /** The member as number, which it must be. */
    static long number(JsonNode object, String name) {
        JsonNode member = member(object, name);
        unless(member.isIntegralNumber(), name + " should be a whole number, not " + member);
        return member.longValue();
    }
}
