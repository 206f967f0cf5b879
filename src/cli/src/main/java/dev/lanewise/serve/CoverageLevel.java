package dev.lanewise.serve;

import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.trust.CoverageResult;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The level of {@code --coverage}, and how often its sets or intervals contain the truth. */
public final class CoverageLevel {
  /** Levels whose limits are printed. */
  public static final double[] USUAL = {0.8, 0.9, 0.95};

  private static final String COVERAGE = "coverage";

  private CoverageLevel() {}

  /** Returns the sets or intervals that the option asks for, or null without it. */
  public static Coverage.Level asked(Model model, Arguments arguments, Output output) {
    if (!arguments.has(COVERAGE)) {
      return null;
    }
    Coverage coverage =
        model
            .coverage()
            .orElseThrow(
                () ->
                    Problem.failure(
                        "--coverage: a model without a coverage, expected a model of cover or"
                            + " of train --coverage"));
    double level = arguments.number(COVERAGE, coverage::at);
    say(coverage, level, output);
    return coverage.at(level);
  }

  /** Says in a line if there are too few rows for a level. */
  public static boolean say(Coverage coverage, double level, Output output) {
    int few = 0;
    int fewest = Integer.MAX_VALUE;
    Coverage.Level limits = coverage.at(level);
    for (int g = 0; g < coverage.groups(); g++) {
      few += Double.isInfinite(limits.limit(g)) ? 1 : 0;
      fewest = Math.min(fewest, coverage.rows(g));
    }
    if (few > 0) {
      BigDecimal decimal = BigDecimal.valueOf(level);
      output.hint(
          "Level %s needs at least %s rows%s: %s",
          level,
          decimal.divide(BigDecimal.ONE.subtract(decimal), 0, RoundingMode.CEILING),
          coverage.isByClass() ? " of each class" : "",
          !coverage.isByClass()
              ? "there are %s, so %s"
                  .formatted(
                      fewest,
                      coverage.isOfClasses()
                          ? "each set has all classes"
                          : "intervals have no ends")
              : few == 1
                  ? "1 class has %s, so it is in each set".formatted(fewest == 0 ? "none" : fewest)
                  : "%s classes have fewer (the rarest %s), so they are in each set"
                      .formatted(few, fewest == 0 ? "none" : fewest));
    }
    return few > 0;
  }

  /**
   * Adds how often the level of the option contains the truth on evaluated rows, if it is given.
   */
  public static void add(
      Subject subject, Evaluation evaluation, Arguments arguments, Result result) {
    if (!arguments.has(COVERAGE)) {
      return;
    }
    double level = Arguments.number(arguments.text(COVERAGE));
    CoverageResult measured =
        CoverageResult.of(evaluation, subject.model.coverage().orElseThrow(), level);
    boolean areClasses = subject.model.loss().task().hasClasses();
    List<CoverageResult.Group> groups = new ArrayList<>(measured.groups());
    int all = groups.size();
    if (areClasses) {
      groups.add(measured.all());
    }
    Table<Integer> table =
        Table.of(groups.size())
            .text("name", g -> g < all ? subject.className(g) : "all")
            .column("rows", g -> groups.get(g).rows())
            .column("coverage", g -> groups.get(g).share())
            .measure(areClasses ? "mean_size" : "width", g -> groups.get(g).size());
    result
        .part("coverage")
        .line()
        .say("Coverage of level {level}", "level", new TextValue(level, Double.toString(level)))
        .table("rows", table);
  }

  /** Says what a coverage is. */
  public static void say(Coverage coverage, String split, Output output) {
    output.note(
        "Coverage of split %s: %s; %s bytes of the model file",
        split, coverage, (long) Double.BYTES * scores(coverage));
    for (double level : USUAL) {
      if (say(coverage, level, output)) {
        break; // larger ones need more
      }
    }
  }

  public static int scores(Coverage coverage) {
    return IntStream.range(0, coverage.groups()).map(coverage::rows).sum();
  }
}
