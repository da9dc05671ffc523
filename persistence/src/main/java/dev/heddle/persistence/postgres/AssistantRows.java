package dev.heddle.persistence.postgres;

import dev.heddle.persistence.Assistant;
import dev.heddle.streaming.run.AssistantId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;

/** Rows of {@code assistants}. */
final class AssistantRows {
    /** What {@link #assistant} reads, of {@code assistants a}; also to be returned by an insert or update. */
    static final String COLUMNS = " a.id, a.version, a.created_at, a.spec, a.metadata ";

    private AssistantRows() {}

    static Assistant assistant(Readable row) {
        return new Assistant(
                new AssistantId(Column.of(row, "id", UUID.class)),
                Column.of(row, "version", Integer.class),
                Column.of(row, "created_at", Instant.class),
                JsonText.assistantSpec(
                        Column.of(row, "spec", String.class),
                        JsonText.metadata(Column.of(row, "metadata", String.class))));
    }
}
