package dev.lanewise.cli;

import dev.lanewise.cli.Result.Decided;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.trust.CoverageScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** {@code cover}: keeps the scores from which sets and intervals follow. */
final class CoverCommand implements Command {
  /** Levels whose limits are printed. */
  private static final double[] LEVELS = {0.8, 0.9, 0.95};

  private static final String BY_CLASS = "by-class";

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    Path out = CalibrateCommand.out(arguments, "cover");
    Result result = new Result("covered", output).put("file", out);
    Model covering;
    if (arguments.has("remove")) {
      covering =
          CalibrateCommand.having(
                  arguments, output, "coverage", Model::coverage, "data", "split", BY_CLASS)
              .withCoverage(Optional.empty());
    } else {
      Subject subject = Subject.loadToFit(arguments, output);
      if (subject.isOfTraining() && subject.measuredOn().decided().equals(Set.of(Decided.EPOCH))) {
        throw Problem.failure(
            "%s: rows by which the best epoch was chosen, expected others (--data FILE, or train"
                + " --calibration-fraction)",
            arguments.text("data"));
      }
      CalibrateCommand.refuseKnown(subject, arguments, output, "coverage");
      if (subject.model.calibration().isPresent()) {
        output.hint(
            "If these rows calibrated the probabilities, too, the coverage is only nearly as"
                + " promised");
      }
      Coverage coverage;
      try {
        coverage =
            CoverageScores.of(
                subject.model, subject.split, arguments.has(BY_CLASS), arguments.threads());
      } catch (IllegalArgumentException e) {
        throw Problem.failure("%s: %s", DataSource.file(arguments), Words.of(e));
      }
      say(coverage, subject.splitName, output);
      int outside = coverage.isOfClasses() ? subject.split.rows() - scores(coverage) : 0;
      if (outside > 0) {
        output.hint(
            "%s rows with classes that the model does not have are left out: the promise is for"
                + " the others",
            outside);
      }
      covering = subject.model.withCoverage(Optional.of(coverage));
      result
          .on(subject.measuredOn(Decided.COVERAGE))
          .put("split", subject.splitName)
          .put("rows", subject.split.rows())
          .put("coverage", coverage.toString())
          .line()
          .say(
              coverage.isOfClasses()
                  ? "A class is in the set of a row if the larger probabilities add up to at most:"
                  : "An interval reaches as far to each side:")
          .table("limits", limits(subject, coverage));
    }
    CalibrateCommand.save(covering, out, result, interruption);
  }

  /** Says what a coverage is. */
  static void say(Coverage coverage, String split, Output output) {
    output.note(
        "Coverage of split %s: %s; %s bytes of the model file",
        split, coverage, (long) Double.BYTES * scores(coverage));
    for (double level : LEVELS) {
      if (CoverageLevel.say(coverage, level, output)) {
        break; // larger ones need more
      }
    }
  }

  private static int scores(Coverage coverage) {
    return IntStream.range(0, coverage.groups()).map(coverage::rows).sum();
  }

  private static Table<Integer> limits(Subject subject, Coverage coverage) {
    boolean isAll = coverage.isOfClasses() && !coverage.isByClass();
    Table<Integer> table =
        Table.of(coverage.groups())
            .text("name", g -> isAll ? "all classes" : subject.className(g))
            .column("rows", coverage::rows);
    for (double level : LEVELS) {
      table.measure(Double.toString(level), g -> coverage.at(level).limit(g));
    }
    return table;
  }
}
