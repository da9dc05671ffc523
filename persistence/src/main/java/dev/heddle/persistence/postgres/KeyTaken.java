package dev.heddle.persistence.postgres;

/** This very request was done before. Never leaves the package: whoever claims a key looks up what was made then. */
final class KeyTaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Made made;

    KeyTaken(Made made) {
        super("The request was done before", null, false, false);
        this.made = made;
    }

    Made made() {
        return made;
    }
}
