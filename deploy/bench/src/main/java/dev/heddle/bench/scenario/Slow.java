package dev.heddle.bench.scenario;

import dev.heddle.bench.load.Client;
import dev.heddle.bench.load.Tally;
import dev.heddle.bench.model.Script;
import dev.heddle.bench.process.Jvm;
import dev.heddle.bench.report.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Readers that open the stream of a busy thread and never read it: what the gateway holds for them, and what readers of
 * other threads feel of them. In the end some do read, and have to find everything there.
 */
public final class Slow implements Scenario {
    private static final int PER_SECOND = 2_500;
    private static final int BURST = 100;
    private static final Duration UNTIL_STUCK = Duration.ofSeconds(6);
    private static final int OTHERS = 20;
    private static final int READ_IN_THE_END = 5;

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public List<Figure> measure(Stage stage, Plan plan) throws InterruptedException {
        stage.warmUp(plan);
        int readers = plan.size(200, 1_000);
        var rounds = new ArrayList<Pair>();
        for (int i = 0; i < plan.size(1, 3); i++) {
            rounds.add(new Pair(flow(stage, 0, plan.window()), flow(stage, readers, plan.window())));
        }
        var figures = new Figures<>(name(), rounds);
        figures.add("readers that do not read", "", _ -> readers);
        figures.add("heap for one", "KB", pair -> pair.heapOfOne(readers));
        figures.add("resident for one", "KB", pair -> pair.residentOfOne(readers));
        figures.add("others' latency without them, p50", "ms", pair -> pair.without.others.ageMillis(50));
        figures.add("others' latency beside them, p50", "ms", pair -> pair.with.others.ageMillis(50));
        figures.add("others' latency without them, p99", "ms", pair -> pair.without.others.ageMillis(99));
        figures.add("others' latency beside them, p99", "ms", pair -> pair.with.others.ageMillis(99));
        return figures.all();
    }

    private static Flow flow(Stage stage, int readers, Duration window) throws InterruptedException {
        long chunks = UNTIL_STUCK.plus(window).plusSeconds(3).toSeconds() * PER_SECOND;
        long live = Jvm.liveBytes(stage.gateway());
        long resident = stage.gateway().usage().residentKilobytes();
        var followed = Followed.begin(stage, new Script((int) chunks, PER_SECOND, BURST));
        var tally = new Tally();
        var stuck = stuck(stage, followed, readers, new Tally());
        var few = stuck(stage, followed, Math.min(readers, READ_IN_THE_END), tally);
        Thread.sleep(UNTIL_STUCK);
        var others = TokenFlow.of(stage, Server.RESPONSES, OTHERS, window);
        followed.awaitEnd(stage);
        long grown = Jvm.liveBytes(stage.gateway()) - live;
        long grownResident = stage.gateway().usage().residentKilobytes() - resident;
        stuck.forEach(Client::close);
        few.forEach(Client::readOn);
        Checks.awaitCount("chunks", tally::chunks, chunks * few.size());
        few.forEach(Client::close);
        return new Flow(others, grown / 1_024.0, grownResident);
    }

    private static List<Client> stuck(Stage stage, Followed followed, int readers, Tally tally)
            throws InterruptedException {
        var clients = stage.clients().connect(readers, stage.gateway().port(), tally);
        clients.forEach(client -> client.follow(followed.threadEvents()));
        Checks.awaitCount("open streams", tally::heads, readers);
        clients.forEach(Client::stopReading);
        return clients;
    }

    private record Flow(TokenFlow others, double heapKilobytes, double residentKilobytes) {}

    /** The same run, with nobody who follows it and with many who do not read. */
    private record Pair(Flow without, Flow with) {
        double heapOfOne(int readers) {
            return (with.heapKilobytes - without.heapKilobytes) / readers;
        }

        double residentOfOne(int readers) {
            return (with.residentKilobytes - without.residentKilobytes) / readers;
        }
    }
}
