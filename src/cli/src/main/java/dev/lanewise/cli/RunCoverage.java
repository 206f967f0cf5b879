package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.Subject;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import dev.lanewise.trust.CoverageScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The coverage of a trained model, by the rows that its training kept for calibration. */
public final class RunCoverage {
  private static final String COVERAGE = "coverage";
  private static final String BY_CLASS = "coverage-by-class";

  /** The share of the rows that are kept where the user names none. */
  private static final String USUAL = "0.1";

  private RunCoverage() {}

  /** Keeps rows for a coverage that is asked for. */
  public static void keepRows(Arguments arguments) {
    if (arguments.has(COVERAGE)) {
      arguments.give("calibration-fraction", USUAL);
    } else {
      arguments.refuse("works with --coverage only, expected --coverage, too", BY_CLASS);
    }
  }

  /** Refuses a loss that has no coverage before the training. */
  public static void check(Arguments arguments, Loss loss) {
    if (arguments.has(COVERAGE)) {
      try {
        CoverageScores.requireLoss(loss, arguments.has(BY_CLASS));
      } catch (IllegalArgumentException e) {
        throw Problem.usage("--%s: %s", COVERAGE, Words.of(e));
      }
    }
  }

  /** Returns the coverage of a trained model; empty without the option. */
  public static Optional<Coverage> of(Model model, Arguments arguments) throws IOException {
    if (!arguments.has(COVERAGE)) {
      return Optional.empty();
    }
    Path file = DataSource.file(arguments);
    ScaleChoice scale = ScaleChoice.fixed(model.scaling().orElse(Scaling.none()));
    Dataset data =
        DataSource.load(
            arguments,
            model,
            false,
            DivisionOptions.defaults().withCalibrationRows(),
            ScaleOptions.defaults().withScale(scale));
    Rows rows = Subject.measured(model, file, data, file).test().orElseThrow();
    boolean isByClass = arguments.has(BY_CLASS);
    return Optional.of(
        Problem.about(file, () -> CoverageScores.of(model, rows, isByClass, arguments.threads())));
  }
}
