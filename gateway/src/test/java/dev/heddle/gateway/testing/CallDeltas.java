package dev.heddle.gateway.testing;

import dev.heddle.gateway.testing.Script.CallShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** The deltas in which the calls of a script are sent, one a chunk. */
final class CallDeltas {
    /** Escapes what is not ASCII, so that a pair of surrogates can be cut between two fragments, as servers do. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Script script;
    private final List<ScriptedCall> calls;
    private final CallShape shape;

    /** A piece of a call, the greater {@code part} the later; a head has its name. */
    private record Fragment(int call, int part, boolean head, String arguments) {}

    private CallDeltas(Script script) {
        this.script = script;
        this.calls = script.calls();
        this.shape = script.callShape;
    }

    /** Of the calls from number {@code from} up to number {@code to}, which is not among them. */
    static List<String> of(Script script, int from, int to) {
        return new CallDeltas(script).deltas(from, to);
    }

    private List<String> deltas(int from, int to) {
        var fragments = fragments(from, to);
        if (shape == CallShape.AT_ONCE) {
            return List.of(delta(fragments));
        }
        if (shape == CallShape.INTERLEAVED) {
            fragments.sort(Comparator.comparingInt(Fragment::part));
        }
        return fragments.stream().map(fragment -> delta(List.of(fragment))).toList();
    }

    private List<Fragment> fragments(int from, int to) {
        var fragments = new ArrayList<Fragment>();
        for (int call = from; call < to; call++) {
            var arguments = calls.get(call).arguments();
            switch (shape) {
                case WHOLE, AT_ONCE, NO_ID -> fragments.add(new Fragment(call, 0, true, arguments));
                case REPEATED -> addPieces(fragments, call, true, arguments);
                case OPENAI, NO_INDEX, SAME_INDEX, INTERLEAVED -> {
                    fragments.add(new Fragment(call, 0, true, ""));
                    addPieces(fragments, call, false, arguments);
                }
            }
        }
        return fragments;
    }

    /** At least one, which then is empty. */
    private void addPieces(List<Fragment> fragments, int call, boolean head, String arguments) {
        int from = 0;
        do {
            int to = Math.min(from + script.charsPerFragment, arguments.length());
            fragments.add(new Fragment(call, 1 + from, head, arguments.substring(from, to)));
            from = to;
        } while (from < arguments.length());
    }

    private String delta(List<Fragment> fragments) {
        return JSON.writeValueAsString(
                Map.of("tool_calls", fragments.stream().map(this::json).toList()));
    }

    private Map<String, Object> json(Fragment fragment) {
        var json = new LinkedHashMap<String, Object>();
        if (shape != CallShape.NO_INDEX) {
            boolean sameIndex = shape == CallShape.SAME_INDEX || shape == CallShape.NO_ID;
            json.put("index", sameIndex ? 0 : fragment.call());
        }
        var function = new LinkedHashMap<String, Object>();
        if (fragment.head()) {
            json.put("id", shape == CallShape.NO_ID ? "" : "call_" + fragment.call());
            json.put("type", "function");
            function.put("name", calls.get(fragment.call()).function());
        }
        function.put("arguments", fragment.arguments());
        json.put("function", function);
        return json;
    }
}
