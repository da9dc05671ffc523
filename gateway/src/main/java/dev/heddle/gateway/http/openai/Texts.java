package dev.heddle.gateway.http.openai;

import tools.jackson.databind.JsonNode;

/** What a text in a request may be. Lengths are in characters of Unicode, as OpenAI counts them. */
final class Texts {
    private Texts() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static String atMost(String param, int max, String text) {
        // The cheap bound first: most texts are far below it.
        if (text.length() > max && length(text) > max) {
            throw Invalid.tooLong(param, max, length(text));
        }
        return text;
    }

    /** The text itself, unless PostgreSQL or UTF-8 could not hold it. */
    static String storable(String param, String text) {
        if (text.indexOf('\0') >= 0) {
            throw Invalid.because(param, "the character U+0000 is not allowed in a text.");
        }
        if (hasLoneSurrogate(text)) {
            throw Invalid.because(param, "the text is not valid Unicode: half of a surrogate pair stands alone.");
        }
        return text;
    }

    /** Checks every key and text inside a value. */
    static void checkAll(String param, JsonNode node) {
        if (node.isString()) {
            storable(param, node.stringValue());
        }
        node.propertyNames().forEach(name -> storable(param, name));
        node.forEach(child -> checkAll(param, child));
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (Character.charCount(text.codePointAt(at)) == 1) {
                    return true;
                }
                at++;
            }
        }
        return false;
    }
}
