package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.gateway.http.FrameCache;
import dev.heddle.gateway.testing.Allocation;
import dev.heddle.streaming.log.LoggedEvent;
import dev.heddle.streaming.log.ThreadEvent;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a piece of text costs in garbage until its first reader has its frame, which is kept, and until a further one has
 * it. 721 and 297 bytes were counted when the bounds were written; one more string for each piece is beyond them.
 */
class ProjectionAllocationTests {
    private static final int PIECES = 400;
    private static final ItemId MESSAGE = ItemId.fresh();

    private final List<LoggedEvent> events = events();

    @Test
    void ofAPieceOfTextIsBounded() {
        assertThat(Allocation.of(() -> project(Sample.cache())) / PIECES).isLessThanOrEqualTo(755);
    }

    @Test
    void ofAPieceOfTextForAFurtherReaderIsBounded() {
        var cache = Sample.cache();
        project(cache);

        assertThat(Allocation.of(() -> project(cache)) / PIECES).isLessThanOrEqualTo(315);
    }

    private void project(FrameCache cache) {
        var projection = AssistantsProjection.whole(cache, Sample.run(), Sample.EXPIRY, FrameId.START);
        events.forEach(projection::frames);
    }

    private static List<LoggedEvent> events() {
        var start = new Item.Message(Role.ASSISTANT, List.of());
        var events = new ArrayList<RunEvent>(List.of(
                new RunEvent.Admitted(),
                new RunEvent.Started(Sample.CREATED),
                new RunEvent.ModelCallStarted(0),
                new RunEvent.ItemOpened(0, MESSAGE, 0, start)));
        Stream.generate(() -> new RunEvent.TextAppended(0, MESSAGE, " token"))
                .limit(PIECES)
                .forEach(events::add);
        var logged = new ArrayList<LoggedEvent>();
        for (RunEvent event : events) {
            var ofRun = new ThreadEvent.OfRun(Sample.RUN.id(), logged.size(), event);
            logged.add(new LoggedEvent(logged.size() + 1, Sample.RUN.turn(), Sample.CREATED, ofRun));
        }
        return logged;
    }
}
