package dev.heddle.gateway.protocol.responses;

import dev.heddle.gateway.engine.Compactor;
import dev.heddle.gateway.http.openai.OpenAiIds;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.RunId;
import java.time.Instant;
import java.util.List;

/** A context that was summed up: one item, with which a new chain begins. */
record CompactionJson(String id, String object, long created_at, List<ItemJson> output, UsageJson usage) {
    static CompactionJson of(Compactor.Compacted compacted, Instant at) {
        var item = ItemJson.of(ItemId.fresh(), ItemStatus.COMPLETED, new Item.Compaction(compacted.summary()));
        return new CompactionJson(
                OpenAiIds.response(RunId.fresh()),
                "response.compaction",
                at.getEpochSecond(),
                List.of(item),
                UsageJson.of(compacted.usage()));
    }
}
