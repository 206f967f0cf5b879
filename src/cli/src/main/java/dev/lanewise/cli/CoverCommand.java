package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.serve.CoverageLevel;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Table;
import dev.lanewise.trust.CoverageScores;
import java.util.Optional;

/** {@code cover}: keeps the scores from which sets and intervals follow. */
final class CoverCommand extends FactCommand {
  private static final String BY_CLASS = "by-class";

  CoverCommand() {
    super("cover", MetadataName.COVERAGE, Model::coverage, "data", "split", BY_CLASS);
  }

  @Override
  Model without(Model model) {
    return model.withCoverage(Optional.empty());
  }

  @Override
  Model fit() {
    Model model = subject.model;
    int rows = subject.split.rows();
    if (model.calibration().isPresent()) {
      output.hint(
          "If these rows calibrated the probabilities, too, the coverage is only nearly as"
              + " promised");
    }
    boolean isByClass = arguments.has(BY_CLASS);
    Coverage coverage =
        Problem.about(
            DataSource.file(arguments),
            () -> CoverageScores.of(model, subject.split, isByClass, arguments.threads()));
    CoverageLevel.say(coverage, subject.splitName, output);
    int outside = coverage.isOfClasses() ? rows - CoverageLevel.scores(coverage) : 0;
    if (outside > 0) {
      output.hint(
          "%s rows with classes that the model does not have are left out: the promise is for"
              + " the remaining rows",
          outside);
    }
    boolean isAll = coverage.isOfClasses() && !isByClass;
    Table<Integer> limits =
        Table.of(coverage.groups())
            .text("name", g -> isAll ? "all classes" : subject.className(g))
            .column("rows", coverage::rows);
    for (double level : CoverageLevel.USUAL) {
      limits.measure(Double.toString(level), g -> coverage.at(level).limit(g));
    }
    result
        .put("split", subject.splitName)
        .put("rows", rows)
        .put("coverage", coverage.toString())
        .line()
        .say(
            coverage.isOfClasses()
                ? "A class is in the set of a row if the larger probabilities add up to at most:"
                : "An interval reaches as far to each side:")
        .table("limits", limits);
    return model.withCoverage(Optional.of(coverage));
  }
}
