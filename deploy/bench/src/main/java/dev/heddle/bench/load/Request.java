package dev.heddle.bench.load;

import java.util.Optional;

/** What a client asks: a JSON body makes it a POST. */
public record Request(String path, Optional<String> json) {
    public static Request get(String path) {
        return new Request(path, Optional.empty());
    }

    public static Request post(String path, String json) {
        return new Request(path, Optional.of(json));
    }
}
