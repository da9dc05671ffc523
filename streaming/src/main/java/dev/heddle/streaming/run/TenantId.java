package dev.heddle.streaming.run;

/** Whose data it is. Every stored row has one, and every query names one. */
public record TenantId(String value) {
    /** The tenant of an instance that asks for no key. */
    public static final TenantId DEFAULT = new TenantId("default");

    @Override
    public String toString() {
        return value;
    }
}
