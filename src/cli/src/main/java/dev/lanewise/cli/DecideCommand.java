package dev.lanewise.cli;

import dev.lanewise.files.ClassNames;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.trust.internal.ThresholdCurves;
import dev.lanewise.trust.internal.ThresholdCurves.Cut;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** {@code decide}: chooses how classes follow from probabilities. */
final class DecideCommand extends FactCommand {
  /** Thresholds in the table, beside the one that is chosen. */
  private static final int SHOWN = 19;

  private static final String[] NEEDING_ROWS = {
    "data", "split", "costs", "threshold", "positive", "by", "even-if-worse"
  };

  private String by;
  private String positive; // the class of the threshold; null for the rarer one
  private String given; // the threshold; null to choose one
  private Evaluation before; // by the largest probability

  DecideCommand() {
    super("decide", MetadataName.DECISION, Model::rule, NEEDING_ROWS);
  }

  @Override
  void check() {
    by = arguments.word("by");
    if (arguments.has("costs")) {
      arguments.refuse("not together with --costs, which are for all classes", "positive", "by");
      arguments.refuse("not together with --costs, expected only one of the two", "threshold");
    } else {
      arguments.refuse("works with --costs only", "even-if-worse");
    }
    if (arguments.has("threshold")) {
      arguments.refuse("not together with --threshold, which is a choice itself", "by");
      arguments.number("threshold", p -> DecisionRule.threshold(0, p)); // checks it
    }
    if (!arguments.has("remove")) { // as other commands read them with the model
      positive = arguments.take("positive");
      given = arguments.take("threshold");
    }
  }

  @Override
  Model without(Model model) {
    return model.withRule(Optional.empty());
  }

  @Override
  Model fit() throws IOException {
    Model plain = without(subject.model);
    if (!plain.loss().task().hasClasses()) {
      throw Problem.failure(
          "%s: a model of loss %s, expected a model of classes (softmax)",
          RunDirectory.modelFile(arguments), plain.loss().label());
    }
    before = Evaluator.evaluate(plain, subject.split, arguments.threads());
    DecisionRule rule =
        arguments.has("costs")
            ? Costs.read(arguments.path("costs"), subject.names, plain.outputs())
            : threshold();
    Model decided = plain.withRule(Optional.of(rule));
    compare(rule, Evaluator.evaluate(decided, subject.split, arguments.threads()));
    return decided;
  }

  private DecisionRule threshold() {
    if (subject.model.outputs() != 2) {
      throw Problem.failure(
          "%s: a model of %s classes, expected two for a threshold, or --costs FILE.csv",
          subject.splitName, subject.model.outputs());
    }
    int label = positive();
    ThresholdCurves curves = ThresholdCurves.of(before, label);
    List<Cut> cuts = curves.cuts();
    double threshold = given == null ? best(curves) : Arguments.number(given);
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

  private double best(ThresholdCurves curves) {
    return Problem.about(
            "split " + subject.splitName,
            () -> curves.best(by.equals("f1") ? Cut::f1 : Cut::balancedAccuracy))
        .threshold();
  }

  /** Returns the class that an option names, or else the rarer one. */
  private int positive() {
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
  private void compare(DecisionRule rule, Evaluation after) {
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
      table.add("mean cost", TextValue.measure(usual), TextValue.measure(decided));
      int label = Costs.cheapest(rule.costs(), before);
      double always = Costs.always(label, rule.costs(), before);
      refuseWorse(decided, usual, "the class of the largest probability");
      refuseWorse(decided, always, "always answering \"" + subject.className(label) + "\"");
      result.put("always", subject.shown(label)).put("always_cost", TextValue.measure(always));
    }
    long changed =
        IntStream.range(0, before.rows())
            .filter(row -> before.predicted(row) != after.predicted(row))
            .count();
    TextValue decision =
        new TextValue(
            rule.toString(),
            rule.isThreshold()
                ? "Class %s from probability %s on"
                    .formatted(subject.className(rule.positive()), rule.threshold())
                : "The class with the smallest expected cost");
    result
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
          TextValue.measure(decided).text(), what, TextValue.measure(other).text());
    }
  }
}
