package dev.heddle.gateway.http.openai;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;

/** What a number in a request may be. Bounds are included. */
final class Numbers {
    private Numbers() {}

    static int integer(String param, JsonNode node, int min, int max) {
        if (!node.isIntegralNumber()) {
            throw Invalid.type(param, "an integer", node);
        }
        return integer(param, node.bigIntegerValue(), min, max);
    }

    static long count(String param, JsonNode node) {
        if (!node.isIntegralNumber()) {
            throw Invalid.type(param, "an integer", node);
        }
        BigInteger given = node.bigIntegerValue();
        if (given.signum() < 0) {
            throw Invalid.tooSmall("integer", param, "0", given.toString());
        }
        if (given.bitLength() >= Long.SIZE) {
            throw Invalid.tooLarge("integer", param, Long.toString(Long.MAX_VALUE), given.toString());
        }
        return given.longValueExact();
    }

    static int integer(String param, BigInteger given, int min, int max) {
        if (given.compareTo(BigInteger.valueOf(max)) > 0) {
            throw Invalid.tooLarge("integer", param, Integer.toString(max), given.toString());
        }
        if (given.compareTo(BigInteger.valueOf(min)) < 0) {
            throw Invalid.tooSmall("integer", param, Integer.toString(min), given.toString());
        }
        return given.intValueExact();
    }

    static double decimal(String param, JsonNode node, BigDecimal min, BigDecimal max) {
        if (!node.isNumber()) {
            throw Invalid.type(param, "a decimal number", node);
        }
        BigDecimal given = node.decimalValue();
        if (given.compareTo(max) > 0) {
            throw Invalid.tooLarge("decimal", param, max.toString(), given.toString());
        }
        if (given.compareTo(min) < 0) {
            throw Invalid.tooSmall("decimal", param, min.toString(), given.toString());
        }
        return given.doubleValue();
    }
}
