package dev.lanewise.cli;

import dev.lanewise.files.ClassNames;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.source.Csv;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What predictions cost, from a CSV file: the first line has the predicted classes after one cell,
 * and each further line a true class and its cost for each of them.
 */
public final class Costs {
  private Costs() {}

  /**
   * Reads the costs of all classes, which may stand in any order.
   *
   * @param names the names of the classes, or none
   * @throws Problem if a class is missing, unknown or there twice, or a cost is not a finite number
   */
  public static DecisionRule read(Path file, List<String> names, int classes) throws IOException {
    double[][] costs = new double[classes][];
    try (Csv csv = Csv.open(file)) {
      int[] predicted = csv.next() ? heads(csv, file, names, classes) : new int[0];
      if (predicted.length != classes) {
        throw Problem.failure(
            "%s: %s predicted classes in the first line, expected %s (%s) after one cell",
            file, predicted.length, classes, ClassNames.list(names, classes));
      }
      while (csv.next()) {
        if (csv.fields() != classes + 1) {
          throw Problem.failure(
              "%s, line %s: %s cells, expected %s as in the first line",
              file, csv.line(), csv.fields(), classes + 1);
        }
        int label = classOf(csv, 0, file, names, classes);
        if (costs[label] != null) {
          throw Problem.failure(
              "%s, line %s: class %s for the second time", file, csv.line(), csv.text(0));
        }
        costs[label] = new double[classes];
        for (int i = 0; i < classes; i++) {
          double cost = csv.isNumeric(i + 1) ? csv.number(i + 1) : Double.NaN;
          if (!Double.isFinite(cost)) {
            throw Problem.failure(
                "%s, line %s: cost '%s', expected a number", file, csv.line(), csv.text(i + 1));
          }
          costs[label][predicted[i]] = cost;
        }
      }
    }
    for (int label = 0; label < classes; label++) {
      if (costs[label] == null) {
        throw Problem.failure(
            "%s: no line of the true class %s, expected a line for each class",
            file, ClassNames.of(names, label));
      }
    }
    return DecisionRule.costs(costs);
  }

  private static int[] heads(Csv csv, Path file, List<String> names, int classes) {
    int[] predicted = new int[Math.max(0, csv.fields() - 1)];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = classOf(csv, i + 1, file, names, classes);
    }
    if (Arrays.stream(predicted).distinct().count() < predicted.length) {
      throw Problem.failure("%s: a predicted class is there twice in the first line", file);
    }
    return predicted;
  }

  private static int classOf(Csv csv, int field, Path file, List<String> names, int classes) {
    int found = ClassNames.find(names, classes, csv.text(field));
    if (found < 0) {
      throw Problem.failure(
          "%s, line %s: no class '%s', expected one of %s",
          file, csv.line(), csv.text(field), ClassNames.list(names, classes));
    }
    return found;
  }

  /** Returns the mean cost of predictions; rows with a class that the model lacks are left out. */
  public static double mean(double[] costs, Evaluation evaluation) {
    return mean(costs, evaluation, evaluation::predicted);
  }

  /** Returns the class that costs least if it is the answer for all rows. */
  public static int cheapest(double[] costs, Evaluation evaluation) {
    return IntStream.range(0, evaluation.classes())
        .boxed()
        .min(Comparator.comparingDouble(c -> always(c, costs, evaluation)))
        .orElseThrow();
  }

  /** Returns the mean cost of one class as the answer for all rows. */
  public static double always(int label, double[] costs, Evaluation evaluation) {
    return mean(costs, evaluation, row -> label);
  }

  private static double mean(double[] costs, Evaluation evaluation, IntUnaryOperator predicted) {
    int classes = evaluation.classes();
    double sum = 0;
    double weight = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      int label = evaluation.label(row);
      if (label < classes) {
        sum += evaluation.weight(row) * costs[label * classes + predicted.applyAsInt(row)];
        weight += evaluation.weight(row);
      }
    }
    return sum / weight;
  }
}
