package dev.lanewise.cli;

import dev.lanewise.cli.inputs.ClassNames;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Table;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.results.AddedFact;
import dev.lanewise.cli.results.Costs;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.trust.internal.ThresholdCurves;
import dev.lanewise.trust.internal.ThresholdCurves.Cut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code decide}: chooses how classes follow from probabilities. */
final class DecideCommand implements Command {
  /** Thresholds in the table, beside the one that is chosen. */
  private static final int SHOWN = 19;

  private Arguments arguments;
  private Result result;
  private String positive; // the class of the threshold; null for the rarer one
  private String given; // the threshold; null to choose one

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    Path out = AddedFact.out(arguments, "decide");
    result = new Result("decided", output).put("file", out);
    String by = arguments.choice("by", "f1", "balanced");
    if (!arguments.has("costs")) {
      arguments.refuse("works with --costs only", "even-if-worse");
    }
    if (arguments.has("costs")) {
      arguments.refuse("not together with --costs, which are for all classes", "positive", "by");
      arguments.refuse("not together with --costs, expected only one of the two", "threshold");
    } else if (arguments.has("threshold")) {
      arguments.refuse("not together with --threshold, which is a choice itself", "by");
      arguments.number("threshold", p -> DecisionRule.threshold(0, p)); // checks it
    }
    Model decided;
    Subject fitted = null; // whose rows decide
    if (arguments.has("remove")) {
      String[] others = {"data", "split", "costs", "threshold", "positive", "by", "even-if-worse"};
      decided =
          AddedFact.having(arguments, output, "decision", Model::rule, others)
              .withRule(Optional.empty());
    } else {
      positive = arguments.take("positive"); // as other commands read them with the model
      given = arguments.take("threshold");
      Subject subject = Subject.loadToFit(arguments, output);
      fitted = subject;
      AddedFact.refuseKnown(subject, arguments, output, "decision");
      Model plain = subject.model.withRule(Optional.empty());
      if (!plain.loss().task().hasClasses()) {
        throw Problem.failure(
            "%s: a model of loss %s, expected a model of classes (softmax)",
            RunDirectory.modelFile(arguments), plain.loss().label());
      }
      Evaluation before = Evaluator.evaluate(plain, subject.split, arguments.threads());
      DecisionRule rule =
          arguments.has("costs")
              ? Costs.read(arguments.path("costs"), subject.names, plain.outputs())
              : threshold(subject, before, by);
      decided = plain.withRule(Optional.of(rule));
      Evaluation after = Evaluator.evaluate(decided, subject.split, arguments.threads());
      compare(subject, rule, before, after);
    }
    AddedFact.save(decided, FactName.DECISION, fitted, out, result, interruption);
  }

  private DecisionRule threshold(Subject subject, Evaluation before, String by) {
    if (subject.model.outputs() != 2) {
      throw Problem.failure(
          "%s: a model of %s classes, expected two for a threshold, or --costs FILE.csv",
          subject.splitName, subject.model.outputs());
    }
    int label = positive(subject, before);
    ThresholdCurves curves = ThresholdCurves.of(before, label);
    List<Cut> cuts = curves.cuts();
    double threshold = given == null ? best(curves, subject, by) : Arguments.number(given);
    int step = Math.max(1, (cuts.size() + SHOWN - 1) / SHOWN);
    List<Cut> shown =
        IntStream.range(0, cuts.size())
            .filter(i -> (i + 1) % step == 0 || cuts.get(i).threshold() == threshold)
            .mapToObj(cuts::get)
            .toList();
    result
        .say(
            "Thresholds of the probability of class {positive}",
            "positive",
            subject.className(label))
        .put("threshold", threshold)
        .table(
            "thresholds",
            Table.of(shown)
                .column("threshold", Cut::threshold)
                .column("precision", Cut::precision)
                .column("recall", Cut::recall)
                .column("f1", Cut::f1)
                .column("balanced_accuracy", Cut::balancedAccuracy)
                .column("chosen", Cut::chosen))
        .line();
    return DecisionRule.threshold(label, threshold);
  }

  private static double best(ThresholdCurves curves, Subject subject, String by) {
    try {
      return curves.best(by.equals("f1") ? Cut::f1 : Cut::balancedAccuracy).threshold();
    } catch (IllegalArgumentException e) {
      throw Problem.failure("split %s: %s", subject.splitName, Words.of(e));
    }
  }

  /** Returns the class that an option names, or else the rarer one. */
  private int positive(Subject subject, Evaluation before) {
    if (positive != null) {
      int found = ClassNames.find(subject.names, subject.model.outputs(), positive);
      if (found < 0) {
        throw Problem.usage(
            "--positive: '%s', expected one of %s", positive, ClassNames.list(subject.names, 2));
      }
      return found;
    }
    double[] weights = new double[2];
    for (int row = 0; row < before.rows(); row++) {
      if (before.label(row) < 2) {
        weights[before.label(row)] += before.weight(row);
      }
    }
    return weights[0] < weights[1] ? 0 : 1;
  }

  /** Prints what the rule changes on these rows. */
  private void compare(Subject subject, DecisionRule rule, Evaluation before, Evaluation after) {
    Table.Cells table = new Table.Cells(1, "measure", "largest probability", "decided");
    table.add("accuracy", before.accuracy(), after.accuracy());
    Metrics first = Metrics.of(before);
    Metrics second = Metrics.of(after);
    if (rule.isThreshold()) {
      Metrics.Scores own = first.scores().get(rule.positive());
      Metrics.Scores other = second.scores().get(rule.positive());
      table.add("precision", own.precision(), other.precision());
      table.add("recall", own.recall(), other.recall());
      table.add("f1", own.f1(), other.f1());
    } else {
      double decided = Costs.mean(rule.costs(), after);
      double usual = Costs.mean(rule.costs(), before);
      table.add("mean cost", Shown.measure(usual), Shown.measure(decided));
      int label = Costs.cheapest(rule.costs(), before);
      double always = Costs.always(label, rule.costs(), before);
      refuseWorse(decided, usual, "the class of the largest probability");
      refuseWorse(decided, always, "always answering \"" + subject.className(label) + "\"");
      result.put("always", subject.shown(label)).put("always_cost", Shown.measure(always));
    }
    int changed = 0;
    for (int row = 0; row < before.rows(); row++) {
      changed += before.predicted(row) == after.predicted(row) ? 0 : 1;
    }
    Shown decision =
        new Shown(
            rule.toString(),
            rule.isThreshold()
                ? "Class %s from probability %s on"
                    .formatted(subject.className(rule.positive()), rule.threshold())
                : "The class with the smallest expected cost");
    result
        .on(subject.measuredOn(Decided.THRESHOLD))
        .put("split", subject.splitName)
        .put("rows", before.rows())
        .put("changed", changed)
        .say("{decision}: {changed} of {rows} rows get another class", "decision", decision)
        .table("measures", table);
  }

  /** Refuses a rule that costs more on these rows than doing without it. */
  private void refuseWorse(double decided, double other, String what) {
    if (decided > other && !arguments.has("even-if-worse")) {
      throw Problem.failure(
          "the rule costs %s a row, and %s costs %s: expected probabilities that are calibrated"
              + " first (calibrate), more rows, or --even-if-worse",
          Shown.measure(decided).text(), what, Shown.measure(other).text());
    }
  }
}
