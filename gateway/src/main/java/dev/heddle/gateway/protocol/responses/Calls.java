package dev.heddle.gateway.protocol.responses;

import dev.heddle.persistence.CallPairs;
import dev.heddle.streaming.run.CallId;
import dev.heddle.streaming.run.Item;
import dev.heddle.streaming.run.Problem;
import dev.heddle.streaming.run.ProblemException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether the function calls of a context and an input have their outputs, and outputs their calls; models insist on it. */
final class Calls {
    private final Set<CallId> made;
    private final Set<CallId> unanswered;

    private Calls(CallPairs context) {
        this.made = new HashSet<>(context.made());
        this.unanswered = new LinkedHashSet<>(context.unanswered());
    }

    /** Refuses an input that leaves a call without an output, or brings an output of no call. */
    static void check(CallPairs context, List<Item> input) {
        var calls = new Calls(context);
        input.forEach(calls::add);
        calls.unanswered.stream().findFirst().ifPresent(call -> {
            throw refusal("No tool output found for function call " + call + ".");
        });
    }

    /** Refuses outputs of no call. What is added by hand may leave calls without outputs: they can be added later. */
    static void checkOutputs(CallPairs context, List<Item> added) {
        var calls = new Calls(context);
        added.forEach(calls::add);
    }

    private void add(Item item) {
        switch (item) {
            case Item.FunctionCall call -> make(call.call());
            case Item.FunctionCallOutput output -> answer(output.call());
            case Item.Message _, Item.Reasoning _, Item.Compaction _ -> {}
        }
    }

    /** A model could not tell which output belongs to which of two calls. */
    private void make(CallId call) {
        if (!made.add(call)) {
            throw refusal("Duplicate tool call: there is one with call_id " + call + " already.");
        }
        unanswered.add(call);
    }

    private void answer(CallId call) {
        if (!made.contains(call)) {
            throw refusal("No tool call found for function call output with call_id " + call + ".");
        }
        if (!unanswered.remove(call)) {
            throw refusal("Duplicate tool output: the function call " + call + " has one already.");
        }
    }

    private static ProblemException refusal(String message) {
        return new ProblemException(new Problem.InvalidRequest("", "input", message));
    }
}
