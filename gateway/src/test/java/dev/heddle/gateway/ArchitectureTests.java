package dev.heddle.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. {@code docs/architecture.md} says why. */
class ArchitectureTests {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // In a whole build the other modules' tests come as jars.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.heddle");

    /** The rules by name. A package on the left of "only" may use, of ours, nothing but what is listed. */
    private static final Map<String, ArchRule> RULES = new LinkedHashMap<>();

    static {
        only("streaming.run");
        only("streaming.log", "streaming.run");
        only("streaming.lane", "streaming.log", "streaming.run");
        only("streaming.feed", "streaming.log", "streaming.run");
        only("persistence", "streaming..");
        only("persistence.postgres", "persistence", "streaming..");
        only("persistence.embedded", "persistence");
        only("gateway.engine", "persistence", "streaming..");
        only("gateway.model", "gateway.engine", "streaming.run");
        only("gateway.tool", "gateway.engine", "streaming.run");
        only("gateway.http..", "gateway.http..", "streaming..", "persistence");
        only("gateway.protocol.assistants", "gateway.http..", "gateway.engine", "streaming..", "persistence");
        only("gateway.protocol.responses", "gateway.http..", "gateway.engine", "streaming..", "persistence");
        only("gateway.protocol.streams", "gateway.http..", "streaming..", "persistence");
        only("gateway.ops", "gateway.http..", "persistence");
        only("gateway.demo");
        RULES.put(
                "the kernel knows Reactor and nothing else",
                noLibrary("streaming..", "reactor", "org.reactivestreams"));
        RULES.put("the engine knows no framework", noLibrary("gateway.engine", "reactor", "org.reactivestreams"));
        RULES.put(
                "tools know HTTP and JSON, and no framework",
                noLibrary(
                        "gateway.tool",
                        "reactor",
                        "org.reactivestreams",
                        "io.netty",
                        "tools.jackson",
                        "javax.net.ssl"));
        RULES.put("collections name no driver", noLibrary("persistence", "reactor", "org.reactivestreams"));
        RULES.put(
                "packages have no cycles",
                slices().matching("dev.heddle.(**)").should().beFreeOfCycles());
        RULES.put(
                "modules have no cycles",
                slices().matching("dev.heddle.(*)..").should().beFreeOfCycles());
        RULES.put("nothing blocks a publisher", calls("reactor.core.publisher", "block", "blockFirst", "blockLast"));
        RULES.put(
                "nothing turns a publisher into a blocking sequence",
                calls("reactor.core.publisher", "toIterable", "toStream"));
        RULES.put("no error is passed over", calls("reactor.core.publisher", "onErrorContinue"));
        RULES.put(
                "nothing sleeps on Reactor's way",
                noClasses()
                        .that()
                        .resideOutsideOfPackages("dev.heddle.persistence.embedded", "dev.heddle.gateway.cli")
                        .should()
                        .callMethod(Thread.class, "sleep", long.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(String rule) {
        RULES.get(rule).allowEmptyShould(false).check(CLASSES);
    }

    @Test
    void everyRuleWasAsked() {
        assertThat(RULES).hasSize(26);
    }

    static Stream<String> rules() {
        return RULES.keySet().stream();
    }

    private static void only(String from, String... to) {
        var allowed = Stream.concat(Stream.of(from), Arrays.stream(to))
                .map(ArchitectureTests::ours)
                .toArray(String[]::new);
        RULES.put(
                from + " uses only " + List.of(to),
                noClasses().that().resideInAPackage(ours(from)).should().dependOnClassesThat(ourOthers(allowed)));
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> ourOthers(String[] allowed) {
        return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("dev.heddle..")
                .and(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages(allowed));
    }

    private static ArchRule noLibrary(String from, String... known) {
        var allowed = Stream.concat(
                        Stream.of("java..", "org.jspecify..", "org.slf4j..", "dev.heddle.."),
                        Arrays.stream(known).map(name -> name + ".."))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(ours(from))
                .should()
                .dependOnClassesThat(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages(allowed));
    }

    private static ArchRule calls(String ownerPackage, String... methods) {
        var forbidden = List.of(methods);
        return noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.<JavaAccess<?>>describe(
                        "is one of " + forbidden,
                        access -> access.getTargetOwner().getPackageName().startsWith(ownerPackage)
                                && forbidden.contains(access.getName())));
    }

    private static String ours(String name) {
        return "dev.heddle." + name;
    }
}
