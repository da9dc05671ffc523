package dev.heddle.streaming.lane;

import dev.heddle.streaming.run.RunEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** The works of a run on one instance, which say what its plan says; begun again, behind what is stored by then. */
final class PlannedWork {
    private final ScriptedWork.Script script;
    private final Plan plan;
    private final Supplier<List<RunEvent>> stored;
    private final Deque<RunEvent> rest = new ArrayDeque<>();
    private int begun;
    private boolean ended = true;

    PlannedWork(ScriptedWork.Script script, Plan plan, Supplier<List<RunEvent>> stored) {
        this.script = script;
        this.plan = plan;
        this.stored = stored;
    }

    /** Says the next word, if it is at work. */
    void sayNext() {
        beginAgain();
        if (!rest.isEmpty()) {
            script.says(rest.remove());
        } else if (!ended) {
            ended = true;
            end();
        }
    }

    /** Says all that it has to say; what stands behind a pause is not heard. */
    void sayAll() {
        do {
            sayNext();
        } while (!ended);
    }

    private void beginAgain() {
        if (script.begun() > begun) {
            begun = script.begun();
            ended = false;
            rest.clear();
            rest.addAll(plan.behind(stored.get()));
        }
    }

    private void end() {
        switch (plan.end()) {
            case COMPLETED, INCOMPLETE, NOTHING -> script.ends();
            case MODEL_FAILED -> script.fails(Plan.modelFailed());
            case FAULT -> script.fails(new IllegalStateException("A fault in the work"));
        }
    }
}
