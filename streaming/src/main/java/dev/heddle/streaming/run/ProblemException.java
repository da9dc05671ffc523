package dev.heddle.streaming.run;

/** The only exception thrown on purpose: carries a {@link Problem} to the edge. Has no stack trace: it is no bug. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
