package dev.heddle.gateway.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** An OpenAI-compatible model server, asked for its models. */
public record ModelServer(String baseUrl, String apiKey) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_NAMED = 5;
    private static final String ADVICE = " Name a model with --model NAME, or take the built-in one: --model demo.";

    /**
     * The server's one model.
     *
     * @throws DemoFailed when it does not say which, or has several: which of them may be spent on is not ours to guess
     */
    public String onlyModel() {
        var models = models();
        if (models.size() != 1) {
            throw failed("has " + (models.isEmpty() ? "no models." : models.size() + " models" + some(models) + "."));
        }
        return models.getFirst();
    }

    private List<String> models() {
        var answer = ask();
        if (answer.statusCode() != 200) {
            throw failed("does not list its models (HTTP " + answer.statusCode() + ").");
        }
        return StreamSupport.stream(Api.json(answer.body()).path("data").spliterator(), false)
                .map(model -> model.path("id").stringValue(""))
                .toList();
    }

    private HttpResponse<String> ask() {
        try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            return http.send(request(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw failed("cannot be reached.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was not asked to the end.");
        }
    }

    private HttpRequest request() {
        var request = HttpRequest.newBuilder(models(baseUrl)).timeout(PATIENCE);
        if (!apiKey.isEmpty()) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        return request.build();
    }

    private URI models(String base) {
        try {
            return URI.create(base + (base.endsWith("/") ? "models" : "/models"));
        } catch (IllegalArgumentException e) {
            throw failed("has no valid address.");
        }
    }

    private static String some(List<String> models) {
        var names = String.join(", ", models.subList(0, Math.min(MAX_NAMED, models.size())));
        return " (" + names + (models.size() > MAX_NAMED ? ", …" : "") + ")";
    }

    private DemoFailed failed(String what) {
        return new DemoFailed("The model server " + baseUrl + " " + what + ADVICE);
    }
}
