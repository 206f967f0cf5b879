package dev.lanewise.cli;

import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.trust.CoverageScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    Json event = Json.event("covered").put("file", out);
    Model covering;
    if (arguments.has("remove")) {
      covering =
          CalibrateCommand.having(
                  arguments, output, "coverage", Model::coverage, "data", "split", BY_CLASS)
              .withCoverage(Optional.empty());
    } else {
      Subject subject = Subject.loadToFit(arguments, output);
      if (subject.isOfTraining() && subject.splitName.equals("valid")) {
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
      Table limits = limits(subject, coverage);
      event.put("split", subject.splitName).put("rows", subject.split.rows());
      event.put("coverage", coverage.toString()).put("limits", limits.objects);
      output.result("");
      output.result(
          coverage.isOfClasses()
              ? "A class is in the set of a row if the larger probabilities add up to at most:"
              : "An interval reaches as far to each side:");
      limits.print(output);
    }
    CalibrateCommand.save(covering, out, event, output, interruption);
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

  private static Table limits(Subject subject, Coverage coverage) {
    List<String> heads = new ArrayList<>(List.of("name", "rows"));
    for (double level : LEVELS) {
      heads.add(Double.toString(level));
    }
    Table table = new Table(1, heads);
    boolean isAll = coverage.isOfClasses() && !coverage.isByClass();
    for (int g = 0; g < coverage.groups(); g++) {
      List<Object> cells = new ArrayList<>();
      cells.add(isAll ? "all classes" : subject.className(g));
      cells.add(coverage.rows(g));
      for (double level : LEVELS) {
        cells.add(new Table.Measure(coverage.at(level).limit(g)));
      }
      table.add(cells.toArray());
    }
    return table;
  }
}
