package dev.heddle.gateway.protocol.assistants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.persistence.PageRequest;
import dev.heddle.persistence.StoredItem;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.ItemId;
import dev.heddle.streaming.run.ItemStatus;
import dev.heddle.streaming.run.Position;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Items are sorted into steps. {@code m} is a message, {@code c} a call and {@code o} its output, {@code 0:c1} of model call 0. */
class StepsTests {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0:m | m",
                "0:m 1:m | m m",
                "0:c1 | [1]",
                "0:c1 0:c2 | [1 2]",
                "0:c1 0:o1 | [1=1]",
                "0:c1 0:c2 0:o2 | [1 2=2]",
                "0:c1 0:c2 0:o2 0:o1 | [1=1 2=2]",
                "0:m 0:c1 0:o1 1:m | m [1=1] m",
                "0:c1 0:o1 1:c2 1:o2 2:m | [1=1] [2=2] m",
                "0:c1 0:m 0:c2 | [1 2] m",
                "0:c1 0:o1 1:c2 | [1=1] [2]",
            })
    void theItemsOfARunAreItsSteps(String items, String steps) {
        assertThat(Steps.of(items(items)).stream().map(StepsTests::spelt))
                .containsExactly(steps.split(" (?![^\\[]*\\])"));
    }

    @Test
    void aRunThatHasProducedNothingHasNoSteps() {
        assertThat(Steps.of(List.of())).isEmpty();
    }

    @Test
    void aStepOfCallsHasTheIdOfTheFirstAndCostsWhatAllOfThemCost() {
        var items = items("0:c1 0:c2 0:o1");

        var step = Steps.of(items).getFirst();

        assertThat(step.id()).isEqualTo(items.getFirst().id());
        assertThat(step.usage()).isEqualTo(new Usage(3, 6));
    }

    @Test
    void callsAreAnsweredWhenTheLastOutputIsThere() {
        var items = items("0:c1 0:c2 0:o2 0:o1");

        var some = (Step.Calls) Steps.of(items.subList(0, 3)).getFirst();
        var all = (Step.Calls) Steps.of(items).getFirst();

        assertThat(some.answeredAt()).isEmpty();
        assertThat(all.answeredAt()).isEqualTo(items.getLast().endedAt());
    }

    @Test
    void anOutputThatIsStillComingAnswersNothing() {
        var items = items("0:c1 0:o1");
        var coming = with(items.getLast(), ItemStatus.IN_PROGRESS);

        var step = (Step.Calls) Steps.of(List.of(items.getFirst(), coming)).getFirst();

        assertThat(step.answeredAt()).isEmpty();
        assertThat(step.calls().getFirst().answer()).isEmpty();
    }

    /** The rules of every list, over five things that are called a … e. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2, ASCENDING,  -, -, ab, true",
                "5, ASCENDING,  -, -, abcde, false",
                "9, DESCENDING, -, -, edcba, false",
                "2, DESCENDING, -, -, ed, true",
                "2, ASCENDING,  b, -, cd, true",
                "2, ASCENDING,  c, -, de, false",
                "2, ASCENDING,  e, -, '', false",
                "2, DESCENDING, d, -, cb, true",
                "2, ASCENDING,  -, d, bc, true",
                "2, ASCENDING,  -, c, ab, false",
                "2, DESCENDING, -, b, dc, true",
                "2, ASCENDING,  -, a, '', false",
                "9, ASCENDING,  a, d, bc, false",
                "1, ASCENDING,  a, d, b, true",
                "9, ASCENDING,  d, a, '', false",
            })
    void pagesAreTakenByTheRulesOfEveryList(
            int limit, PageRequest.Order order, String after, String before, String expected, boolean more) {
        var request = new PageRequest<>(limit, order, Optional.ofNullable(after), Optional.ofNullable(before));

        var page = Pages.of(List.of("a", "b", "c", "d", "e"), request, id -> id, IllegalArgumentException::new);

        assertThat(String.join("", page.data())).isEqualTo(expected);
        assertThat(page.hasMore()).isEqualTo(more);
    }

    @Test
    void aCursorThatNamesNothingIsRefused() {
        var request = new PageRequest<>(1, PageRequest.Order.ASCENDING, Optional.of("x"), Optional.<String>empty());

        assertThatThrownBy(() -> Pages.of(List.of("a"), request, id -> id, IllegalArgumentException::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x");
    }

    private static String spelt(Step step) {
        return switch (step) {
            case Step.Creation _ -> "m";
            case Step.Calls calls ->
                "["
                        + String.join(
                                " ",
                                calls.calls().stream().map(StepsTests::spelt).toList()) + "]";
        };
    }

    private static String spelt(Step.Call call) {
        return call.call().call() + call.answer().map(answer -> "=" + answer).orElse("");
    }

    private static List<StoredItem> items(String spelling) {
        var items = new ArrayList<StoredItem>();
        Arrays.stream(spelling.split(" ")).forEach(item -> items.add(item(items.size(), item)));
        return items;
    }

    private static StoredItem item(int index, String spelling) {
        int modelCall = Integer.parseInt(spelling.substring(0, 1));
        var output = new StoredItem.Output(Sample.RUN.id(), Optional.of(Sample.ASSISTANT), modelCall, new Usage(1, 2));
        return new StoredItem(
                ItemId.fresh(),
                Sample.THREAD.id(),
                new Position(Sample.RUN.turn(), index),
                Optional.of(output),
                ItemStatus.COMPLETED,
                item(spelling.charAt(2), spelling.substring(3)),
                at(index),
                Optional.of(at(index)),
                Map.of());
    }

    private static Item item(char kind, String call) {
        return switch (kind) {
            case 'm' -> Item.Message.of(Role.ASSISTANT, "Hello");
            case 'c' -> new Item.FunctionCall(new CallId(call), "f", "{}");
            default -> new Item.FunctionCallOutput(new CallId(call), call);
        };
    }

    private static StoredItem with(StoredItem item, ItemStatus status) {
        return new StoredItem(
                item.id(),
                item.thread(),
                item.position(),
                item.output(),
                status,
                item.item(),
                item.createdAt(),
                Optional.empty(),
                item.metadata());
    }

    private static Instant at(int index) {
        return Sample.CREATED.plus(Duration.ofSeconds(index));
    }
}
