package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Streams at the pace of a model, looked at in their middle: they begin before it and end behind it. */
record TokenFlow(Span span, Histogram ages, long allocatedBytes) {
    private static final int PER_SECOND = 50;
    private static final Duration SETTLING = Duration.ofSeconds(1);

    /** So much earlier than the last stream may the first one have begun, for each of them. */
    private static final Duration BEGINNING_OF_ONE = Duration.ofMillis(8);

    static TokenFlow of(Stage stage, Server server, int streams, Duration window) throws InterruptedException {
        var life = window.plus(SETTLING.multipliedBy(2)).plus(BEGINNING_OF_ONE.multipliedBy(streams));
        int chunks = (int) (life.toMillis() * PER_SECOND / 1_000);
        var request = stage.ask(server, new Script(chunks, PER_SECOND, 1));
        var tally = new Tally();
        var clients = stage.clients().connect(streams, stage.process(server).port(), tally);
        var answers = clients.stream().map(client -> client.send(request)).toList();
        Checks.awaitCount("streams that have begun", tally::begun, streams);
        Thread.sleep(SETTLING);
        var flow = look(stage, server, tally, window);
        answers.forEach(answer -> Checks.wholeAnswer(Checks.result(answer), chunks));
        clients.forEach(Client::close);
        return flow;
    }

    private static TokenFlow look(Stage stage, Server server, Tally tally, Duration window)
            throws InterruptedException {
        long allocated = stage.allocatedBytes(server);
        var before = stage.reading(server, tally);
        tally.takeAges();
        Thread.sleep(window);
        var span = new Span(before, stage.reading(server, tally));
        return new TokenFlow(span, tally.takeAges(), stage.allocatedBytes(server) - allocated);
    }

    double ageMillis(double percentile) {
        return ages.getValueAtPercentile(percentile) / 1_000.0;
    }

    double allocatedPerChunk() {
        return 1.0 * allocatedBytes / span.chunks();
    }
}
