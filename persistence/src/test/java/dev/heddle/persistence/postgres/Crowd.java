package dev.heddle.persistence.postgres;

import dev.heddle.streaming.run.ProblemException;
import java.util.List;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Many requests at the same moment. */
final class Crowd {
    private Crowd() {}

    /** The values of all, in no order. */
    static <T> List<T> allAtOnce(int requests, IntFunction<Mono<T>> request) {
        return Flux.range(0, requests)
                .flatMap(i -> request.apply(i).subscribeOn(Schedulers.boundedElastic()), requests)
                .collectList()
                .block(TestPostgres.PATIENCE);
    }

    /** The value of each request, or the problem that refused it. */
    static List<Object> answersOf(int requests, IntFunction<Mono<?>> request) {
        return allAtOnce(requests, i -> answer(request.apply(i)));
    }

    private static Mono<Object> answer(Mono<?> request) {
        return request.cast(Object.class)
                .onErrorResume(ProblemException.class, refusal -> Mono.just(refusal.problem()));
    }
}
