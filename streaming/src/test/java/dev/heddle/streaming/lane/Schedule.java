package dev.heddle.streaming.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.streaming.run.RunKey;
import dev.heddle.streaming.run.StopCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;

/** One random schedule of everything that can happen to a thread, in virtual time and on one thread. */
final class Schedule {
    private static final int STEPS = 150;

    /** Drawn from by lot. */
    static final List<Strategy> STRATEGIES = List.of(
            Strategy.CONCURRENT,
            Strategy.CONCURRENT,
            Strategy.CONCURRENT,
            Strategy.CONCURRENT,
            Strategy.ENQUEUE,
            Strategy.ENQUEUE,
            Strategy.INTERRUPT,
            Strategy.ROLLBACK);

    private final SplittableRandom random;
    private final History history;
    private final List<LaneRig> instances = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final IdentityHashMap<ScriptedWork.Script, PlannedWork> works = new IdentityHashMap<>();
    private final int runs;
    private final boolean expiring;

    Schedule(long seed) {
        this.random = new SplittableRandom(seed);
        this.runs = 2 + random.nextInt(7);
        this.expiring = random.nextInt(5) == 0;
        var first = new LaneRig();
        this.history = new History(first.threads, first.thread);
        if (expiring) {
            history.mayExpire();
        }
        join(first.another(settings(), cacheBytes()));
    }

    /** Lets it all happen, then lets everything come to its end, and looks at what is there: answers its shape. */
    List<String> play() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        while (history.runs().size() < runs) {
            admit();
        }
        finish();
        history.isSound();
        followers.forEach(follower -> follower.hasSeenAll(history));
        assertThat(here().doorbell.followers()).isZero();
        closesWhenIdle();
        return history.shape();
    }

    private void closesWhenIdle() {
        here().pass(Duration.ofSeconds(3));
        assertThat(here().lanes.size()).isZero();
        // One that was held for dead learns of it at its next append, and may have none to make.
        instances.forEach(instance -> instance.lanes.close());
        assertThat(instances).allMatch(instance -> instance.lanes.size() == 0);
        assertThat(instances).allMatch(instance -> instance.cache.heldBytes() == 0);
    }

    private LaneSettings settings() {
        return new LaneSettings(
                1 + random.nextInt(4),
                1 + random.nextInt(20),
                1 + random.nextInt(10),
                1 + random.nextInt(20),
                expiring ? Duration.ofMillis(1 + random.nextInt(20_000)) : Duration.ofHours(1),
                Duration.ofMillis(1 + random.nextInt(1500)));
    }

    private int cacheBytes() {
        return random.nextBoolean() ? 100_000 : 1 + random.nextInt(4000);
    }

    private void join(LaneRig instance) {
        instance.log.hold();
        instance.log.refuse(Plan.UNSTORABLE);
        instance.inbox.hold();
        if (random.nextBoolean()) {
            instance.log.holdReads();
        }
        instance.lanes.startSweeping();
        instances.add(instance);
    }

    private LaneRig here() {
        return instances.getLast();
    }

    private void step() {
        switch (random.nextInt(26)) {
            case 0, 1 -> admit();
            case 2 -> addMessage();
            case 3 -> stop();
            case 4, 5, 6, 7, 8 -> say();
            case 9, 10, 11 -> releaseAppend();
            case 12, 13 -> releaseInbox();
            case 14 -> attach();
            case 15, 16 -> ask();
            case 17 -> comeBack();
            case 18 -> here().pass(Duration.ofMillis(random.nextInt(800)));
            case 19 -> trouble();
            case 20, 21 -> submit();
            default -> releaseRead();
        }
    }

    private void admit() {
        if (history.runs().size() == runs) {
            return;
        }
        history.admit(anyOf(STRATEGIES), _ -> Plan.random(random));
        maybeWake();
    }

    private void addMessage() {
        history.added(here().threads.addMessage(here().thread, "message"));
        maybeWake();
    }

    private void stop() {
        if (!history.runs().isEmpty()) {
            RunKey run = anyOf(history.runs());
            if (here().threads.status(run).isActive()) {
                history.stopAsked(run);
                here().threads.askStop(run, StopCause.CLIENT);
                maybeWake();
            }
        }
    }

    /** A lost wake costs a second. */
    private void maybeWake() {
        if (random.nextInt(4) > 0) {
            here().lanes.wake(here().thread);
        }
    }

    private void say() {
        if (!history.runs().isEmpty()) {
            PlannedWork work = work(anyOf(instances), anyOf(history.runs()));
            int times = 1 + random.nextInt(6);
            for (int i = 0; i < times; i++) {
                work.sayNext();
            }
        }
    }

    private PlannedWork work(LaneRig instance, RunKey run) {
        return works.computeIfAbsent(
                instance.work(run),
                script -> new PlannedWork(
                        script, history.plan(run), () -> history.history(run).words()));
    }

    /** Outputs come when they are waited for, and sometimes twice. */
    private void submit() {
        if (!history.paused().isEmpty()) {
            RunKey run = anyOf(history.paused());
            here().threads.bringOutputs(run, History.OUTPUT);
            if (random.nextInt(3) == 0) {
                assertThat(here().threads.bringOutputs(run, History.OUTPUT)).isFalse();
            }
            maybeWake();
        }
    }

    private void releaseAppend() {
        LaneRig instance = anyOf(instances);
        if (instance.log.held() > 0) {
            instance.log.releaseOne();
        }
    }

    private void releaseRead() {
        LaneRig instance = anyOf(instances);
        if (instance.log.heldReads() > 0) {
            instance.log.releaseOneRead();
        }
    }

    private void releaseInbox() {
        LaneRig instance = anyOf(instances);
        if (instance.inbox.held() > 0) {
            instance.inbox.releaseOne();
        }
    }

    private void attach() {
        switch (random.nextInt(3)) {
            case 0 -> followers.add(Follower.inArrivalOrder(here(), demand()));
            case 1 -> followers.add(Follower.inTurnOrder(here(), demand()));
            default -> {
                if (!history.runs().isEmpty()) {
                    followers.add(Follower.ofRun(anyOf(history.runs()), here(), demand()));
                }
            }
        }
    }

    private void ask() {
        if (!followers.isEmpty()) {
            anyOf(followers).request(1 + random.nextInt(30));
        }
    }

    private void comeBack() {
        if (!followers.isEmpty()) {
            anyOf(followers).comeBack(here(), demand());
        }
    }

    private long demand() {
        return random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(20);
    }

    private void trouble() {
        switch (random.nextInt(10)) {
            case 0 -> crash();
            case 1 -> faultOf(here());
            default -> here().doorbell.ring(here().thread.id());
        }
    }

    /** The lane fails, whatever it has under way. */
    private void faultOf(LaneRig instance) {
        history.crashed();
        instance.inbox.breakNext();
        instance.lanes.wake(instance.thread);
    }

    /** This instance is held for dead, and does not know it; its readers come back elsewhere. */
    private void crash() {
        history.crashed();
        here().threads.dies(here().node);
        join(here().another(settings(), cacheBytes()));
        followers.forEach(follower -> follower.comeBack(here(), demand()));
    }

    private void finish() {
        instances.forEach(instance -> instance.log.release());
        instances.forEach(instance -> instance.log.releaseReads());
        instances.forEach(instance -> instance.inbox.release());
        for (int i = 0; i < 100 && !history.isOver(); i++) {
            here().pass(Duration.ofSeconds(1));
            history.runs().forEach(run -> work(here(), run).sayAll());
            if (history.isWaiting()) {
                waitForClients();
            }
        }
        assertThat(history.isOver()).as("all is over after %s", history.shape()).isTrue();
    }

    private void waitForClients() {
        if (!expiring) {
            here().pass(Duration.ofSeconds(4));
            assertThat(here().lanes.size()).isZero();
        }
        if (!expiring || random.nextBoolean()) {
            history.paused().forEach(run -> here().threads.bringOutputs(run, History.OUTPUT));
        }
    }

    private <T> T anyOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
