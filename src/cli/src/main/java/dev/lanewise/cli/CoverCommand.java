package dev.lanewise.cli;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Table;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.results.AddedFact;
import dev.lanewise.cli.results.CoverageLevel;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.trust.CoverageScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** {@code cover}: keeps the scores from which sets and intervals follow. */
final class CoverCommand implements Command {

  private static final String BY_CLASS = "by-class";

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    Path out = AddedFact.out(arguments, "cover");
    Result result = new Result("covered", output).put("file", out);
    Model covering;
    Subject fitted = null; // whose rows decide
    if (arguments.has("remove")) {
      covering =
          AddedFact.having(
                  arguments, output, "coverage", Model::coverage, "data", "split", BY_CLASS)
              .withCoverage(Optional.empty());
    } else {
      Subject subject = Subject.loadToFit(arguments, output);
      fitted = subject;
      Set<Decided> decided = subject.measuredOn().decided();
      boolean areOfValidation =
          decided.contains(Decided.EPOCH) && !decided.contains(Decided.WEIGHTS);
      if (subject.isOfTraining() && areOfValidation) {
        throw Problem.failure(
            "%s: the best epoch was chosen by these rows, expected rows that training did not"
                + " use (--data FILE, or train --calibration-fraction)",
            arguments.text("data"));
      }
      AddedFact.refuseKnown(subject, arguments, output, "coverage");
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
      CoverageLevel.say(coverage, subject.splitName, output);
      int outside =
          coverage.isOfClasses() ? subject.split.rows() - CoverageLevel.scores(coverage) : 0;
      if (outside > 0) {
        output.hint(
            "%s rows with classes that the model does not have are left out: the promise is for"
                + " the remaining rows",
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
    AddedFact.save(covering, FactName.COVERAGE, fitted, out, result, interruption);
  }

  private static Table<Integer> limits(Subject subject, Coverage coverage) {
    boolean isAll = coverage.isOfClasses() && !coverage.isByClass();
    Table<Integer> table =
        Table.of(coverage.groups())
            .text("name", g -> isAll ? "all classes" : subject.className(g))
            .column("rows", coverage::rows);
    for (double level : CoverageLevel.USUAL) {
      table.measure(Double.toString(level), g -> coverage.at(level).limit(g));
    }
    return table;
  }
}
