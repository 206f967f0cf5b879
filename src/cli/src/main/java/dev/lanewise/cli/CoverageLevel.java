package dev.lanewise.cli;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.trust.CoverageResult;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The level of {@code --coverage}, and how often its sets or intervals contain the truth. */
final class CoverageLevel {
  private static final String COVERAGE = "coverage";

  private CoverageLevel() {}

  /** Returns the sets or intervals that the option asks for, or null without it. */
  static Coverage.Level asked(Model model, Arguments arguments, Output output) {
    if (!arguments.has(COVERAGE)) {
      return null;
    }
    Coverage coverage =
        model
            .coverage()
            .orElseThrow(
                () ->
                    Problem.failure(
                        "--coverage: a model without a coverage, expected one of cover or of train --coverage"));
    double level = arguments.number(COVERAGE, coverage::at);
    say(coverage, level, output);
    return coverage.at(level);
  }

  /** Says in a line if there are too few rows for a level. */
  static boolean say(Coverage coverage, double level, Output output) {
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
          "Level %s needs at least %s rows%s to be covered by: with %s, %s",
          level,
          decimal.divide(BigDecimal.ONE.subtract(decimal), 0, RoundingMode.CEILING),
          coverage.isByClass() ? " of each class" : "",
          fewest,
          coverage.isByClass()
              ? few + " classes are in all sets"
              : coverage.isOfClasses() ? "all classes are in all sets" : "intervals have no ends");
    }
    return few > 0;
  }

  /** Measures the level of the option on evaluated rows; null without it. */
  static CoverageResult measured(Subject subject, Evaluation evaluation, Arguments arguments) {
    return arguments.has(COVERAGE)
        ? CoverageResult.of(
            evaluation,
            subject.model.coverage().orElseThrow(),
            Arguments.number(arguments.text(COVERAGE)))
        : null;
  }

  /** Returns the rows of a result: one per class or output and, for classes, one for all. */
  static Table table(Subject subject, CoverageResult result) {
    boolean areClasses = subject.model.loss().task().hasClasses();
    Table table = new Table(1, "name", "rows", "coverage", areClasses ? "mean_size" : "width");
    for (int g = 0; g < result.groups().size(); g++) {
      add(table, subject.className(g), result.groups().get(g));
    }
    if (areClasses) {
      add(table, "all", result.all());
    }
    return table;
  }

  private static void add(Table table, String name, CoverageResult.Group group) {
    table.add(name, group.rows(), group.share(), new Table.Measure(group.size()));
  }
}
