package dev.heddle.gateway.model;

import dev.heddle.gateway.engine.ContextMessage;
import dev.heddle.gateway.engine.ModelCall;
import dev.heddle.gateway.engine.ModelClient;
import dev.heddle.gateway.engine.ModelEvent;
import dev.heddle.streaming.run.Content;
import dev.heddle.streaming.run.Role;
import dev.heddle.streaming.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A model that needs no server and no key: says {@link DemoAnswer}s word by word, at the pace of a model. What it counts
 * as tokens are words.
 */
public final class DemoModel implements ModelClient {
    private final Scheduler timer;
    private final Duration pace;

    /** {@code pace} goes by before every word. */
    public DemoModel(Scheduler timer, Duration pace) {
        this.timer = timer;
        this.pace = pace;
    }

    /** Depends on nothing but the last message of the user, and asks for no function; a word is made when it is asked for. */
    @Override
    public Flux<ModelEvent> events(ModelCall call) {
        return Flux.defer(() -> answer(call));
    }

    private Flux<ModelEvent> answer(ModelCall call) {
        var words = DemoAnswer.to(lastQuestion(call.context())).words();
        var usage = new Usage(promptWords(call), words.size());
        return Flux.range(0, words.size())
                .delayElements(pace, timer)
                .map(i -> (ModelEvent) new ModelEvent.Text(i == 0 ? words.get(0) : " " + words.get(i)))
                .concatWithValues(new ModelEvent.Used(usage), new ModelEvent.Finished(ModelEvent.FinishReason.STOP));
    }

    private static String lastQuestion(List<ContextMessage> context) {
        return context.stream()
                .filter(DemoModel::isOfUser)
                .reduce((_, later) -> later)
                .map(DemoModel::textOf)
                .orElse("");
    }

    private static boolean isOfUser(ContextMessage message) {
        return message instanceof ContextMessage.Said said && said.message().role() == Role.USER;
    }

    private static long promptWords(ModelCall call) {
        return Stream.concat(
                        Stream.of(call.instructions()), call.context().stream().map(DemoModel::textOf))
                .mapToLong(text -> DemoAnswer.wordsOf(text).size())
                .sum();
    }

    private static String textOf(ContextMessage message) {
        return switch (message) {
            case ContextMessage.Said said -> textOf(said.message().content());
            case ContextMessage.Called called -> textOf(called.text());
            case ContextMessage.Answered answered -> answered.output().output();
        };
    }

    private static String textOf(List<Content> content) {
        return content.stream().map(DemoModel::textOf).collect(Collectors.joining(" "));
    }

    private static String textOf(Content content) {
        return switch (content) {
            case Content.Text text -> text.text();
            case Content.ImageUrl _ -> "";
        };
    }
}
