package dev.heddle.gateway.protocol.assistants;

import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Usage;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run did at one place of its output. A step has the id of its first item. */
sealed interface Step {
    StoredItem first();

    /** What its items cost. */
    Usage usage();

    default ItemId id() {
        return first().id();
    }

    /** The run said this message. */
    record Creation(StoredItem message) implements Step {
        @Override
        public StoredItem first() {
            return message;
        }

        @Override
        public Usage usage() {
            return cost(message);
        }
    }

    /** One model call asked for these functions; never none. */
    record Calls(List<Call> calls) implements Step {
        public Calls {
            calls = List.copyOf(calls);
        }

        @Override
        public StoredItem first() {
            return calls.getFirst().item();
        }

        @Override
        public Usage usage() {
            return items().map(Step::cost).reduce(Usage.NONE, Usage::plus);
        }

        /** When the last output came; empty as long as one is missing. */
        Optional<Instant> answeredAt() {
            return calls.stream().allMatch(Call::isAnswered)
                    ? calls.stream().map(Call::answeredAt).max(Comparator.naturalOrder())
                    : Optional.empty();
        }

        private Stream<StoredItem> items() {
            return calls.stream().flatMap(call -> Stream.concat(Stream.of(call.item()), call.output().stream()));
        }
    }

    /** A call and, once there is one, the item of its output. */
    record Call(StoredItem item, Optional<StoredItem> output) {
        Item.FunctionCall call() {
            return (Item.FunctionCall) item.item();
        }

        /** What came of it; empty as long as that is not known. */
        Optional<String> answer() {
            return output.filter(Call::isWhole).map(whole -> ((Item.FunctionCallOutput) whole.item()).output());
        }

        private boolean isAnswered() {
            return output.filter(Call::isWhole).isPresent();
        }

        private Instant answeredAt() {
            return output.flatMap(StoredItem::endedAt).orElse(Instant.MIN);
        }

        private static boolean isWhole(StoredItem output) {
            return output.status() == ItemStatus.COMPLETED;
        }
    }

    private static Usage cost(StoredItem item) {
        return item.output().map(StoredItem.Output::usage).orElse(Usage.NONE);
    }
}
