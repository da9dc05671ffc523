package dev.heddle.gateway.http.openai;

/** What metadata may be: at most 16 pairs, keys of 64 and values of 512 characters. */
final class MetadataBounds {
    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private MetadataBounds() {}

    static void count(String param, int pairs) {
        if (pairs > MAX_PAIRS) {
            throw Invalid.tooManyProperties(param, MAX_PAIRS, pairs);
        }
    }

    static String key(String param, String key) {
        int length = Texts.length(key);
        if (length > MAX_KEY) {
            throw Invalid.keyTooLong(param, MAX_KEY, length);
        }
        return Texts.storable(param, key);
    }

    static String value(String param, String value) {
        return Texts.storable(param, Texts.atMost(param, MAX_VALUE, value));
    }
}
