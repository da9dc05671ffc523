package dev.heddle.streaming.lane;

import dev.heddle.streaming.log.EventLog;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.OpenRun;
import dev.heddle.streaming.run.RunKey;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reads a run's whole log, page by page, and folds it. */
final class RunFold {
    private static final int PAGE_SIZE = 512;

    private final EventLog log;

    RunFold(EventLog log) {
        this.log = log;
    }

    Mono<OpenRun> fold(RunKey run) {
        return Mono.defer(() -> page(run, -1))
                .expand(page ->
                        page.isEmpty() ? Mono.empty() : page(run, page.getLast().runSeq()))
                .concatMapIterable(page -> page)
                .reduceWith(OpenRun::new, RunFold::add);
    }

    private Mono<List<LoggedEvent>> page(RunKey run, long after) {
        return log.readTurn(run.thread(), run.turn(), after, PAGE_SIZE);
    }

    private static OpenRun add(OpenRun open, LoggedEvent event) {
        return event.event() instanceof ThreadEvent.OfRun ofRun ? open.add(ofRun.event()) : open;
    }
}
